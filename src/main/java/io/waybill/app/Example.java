package io.waybill.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An example of {@code routes/examples}, as the program ships it.
 *
 * @param name what it is asked for by, such as kafka
 * @param file name of its file
 * @param text what it holds
 */
public record Example(String name, String file, String text) {
  private static final String FOLDER = "io/waybill/examples";

  /** All of them, by name. */
  public static List<Example> all() {
    URL folder = Example.class.getClassLoader().getResource(FOLDER);
    if (folder == null) {
      throw new IllegalStateException("the program lacks its resource " + FOLDER);
    }
    try {
      URI uri = folder.toURI();
      if (!"jar".equals(uri.getScheme())) {
        return in(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return in(jar.getPath(FOLDER));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Example> in(Path folder) throws IOException {
    List<Example> examples = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        examples.add(
            new Example(
                name.replaceFirst("(?<=.)[.].*", ""),
                name,
                Files.readString(file, StandardCharsets.UTF_8)));
      }
    }
    return examples;
  }

  /** The example of this name, if there is one. */
  public static Optional<Example> of(String name) {
    return all().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** What it shows, in a sentence: its first comment line. */
  public String about() {
    return text.lines()
        .findFirst()
        .filter(line -> line.startsWith("# "))
        .map(line -> line.substring(2).strip())
        .orElse("");
  }

  /** Whether it takes the place of the shipped route for alerts, and is no flow. */
  public boolean isForAlerts() {
    return name.startsWith("alert-");
  }

  private Path place(Home home) {
    Path routes = home.folder().resolve("routes");
    return isForAlerts() ? routes.resolve("waybill/alert.camel.yaml") : routes.resolve(file);
  }

  /**
   * Writes it into the folder of route files.
   *
   * @return the file
   * @throws java.nio.file.FileAlreadyExistsException if a file of that name is there
   * @throws IOException if it cannot be written
   */
  public Path writeTo(Home home) throws IOException {
    Path target = place(home);
    Files.createDirectories(target.getParent());
    return Files.writeString(target, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}
