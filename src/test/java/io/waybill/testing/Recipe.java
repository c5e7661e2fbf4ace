package io.waybill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What docs/security.md shows below one heading, to be run as it stands there but for the names of
 * machines and files that a test puts in the place of others. Used by one thread.
 */
public final class Recipe {
  private static final Path DOC = Path.of("docs/security.md");
  private static final Pattern BLOCK =
      Pattern.compile("^```(sh|properties)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private String text;

  private Recipe(String text) {
    this.text = text;
  }

  /** The recipe below {@code heading}, up to the next heading. */
  public static Recipe of(String heading) {
    try {
      Matcher found =
          Pattern.compile(
                  "^#+ " + Pattern.quote(heading) + "$\\n(.*?)(?=^#+ |\\z)",
                  Pattern.MULTILINE | Pattern.DOTALL)
              .matcher(Files.readString(DOC));
      assertThat(found.find()).as("heading %s in %s", heading, DOC).isTrue();
      return new Recipe(found.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts {@code real} in the place of {@code shown}, which must be there. */
  public Recipe with(String shown, String real) {
    assertThat(text).contains(shown);
    text = text.replace(shown, real);
    return this;
  }

  /** Gives the commands as Vault's administrator, in an empty folder; what they printed. */
  public String run(TestVault vault) {
    return run(
        "",
        vault.commands(),
        Map.of("VAULT_ADDR", vault.address(), "VAULT_TOKEN", vault.rootToken()));
  }

  /** Gives the commands as Keycloak's administrator, in an empty folder; what they printed. */
  public String run(TestKeycloak keycloak) {
    String login =
        "kcadm.sh config credentials --server %1$s --realm master --user %2$s --password %2$s\n"
            .formatted(keycloak.address(), keycloak.administrator());
    return run(login, keycloak.commands(), Map.of());
  }

  private String run(String before, Path commands, Map<String, String> environment) {
    try {
      Path folder = Files.createTempDirectory("recipe-");
      Path output = folder.resolve("output");
      ProcessBuilder shell = new ProcessBuilder("sh", "-eu", "-c", before + blocks("sh"));
      shell.environment().putAll(environment);
      shell.environment().put("HOME", folder.toString());
      shell.environment().merge("PATH", commands.toString(), (old, own) -> own + ":" + old);
      shell.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(output.toFile());
      int exitCode = shell.start().waitFor();
      String printed = Files.readString(output, StandardCharsets.UTF_8);
      TestFolders.delete(folder);
      assertThat(exitCode).as(printed).isZero();
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The settings, by their names without {@code prefix}. */
  public Map<String, String> settings(String prefix) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(blocks("properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> settings = new TreeMap<>();
    properties
        .stringPropertyNames()
        .forEach(
            name -> {
              assertThat(name).startsWith(prefix);
              settings.put(name.substring(prefix.length()), properties.getProperty(name));
            });
    return settings;
  }

  private String blocks(String language) {
    StringBuilder all = new StringBuilder();
    BLOCK
        .matcher(text)
        .results()
        .filter(block -> block.group(1).equals(language))
        .forEach(block -> all.append(block.group(2)));
    return all.toString();
  }
}
