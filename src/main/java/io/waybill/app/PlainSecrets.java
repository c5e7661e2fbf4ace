package io.waybill.app;

import io.waybill.secret.Redaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.util.SensitiveUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds secrets that stand in plain text in {@code application.properties} and in route files, by
 * the names that Camel's catalog marks secret and by Waybill's own. It says where, and never what.
 */
final class PlainSecrets {
  private static final Pattern PROPERTY =
      Pattern.compile("^\\s*([^#!\\s=:][^\\s=:]*)\\s*[=:]\\s*(.+?)\\s*$");
  private static final Pattern OPTION =
      Pattern.compile("[?&;]([A-Za-z][A-Za-z0-9.]*)=([^&\"'\\s]+)");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "^\\s*(?:-\\s*)?[\"']?([A-Za-z][A-Za-z0-9]*)[\"']?\\s*:\\s+[\"']?([^\"'\\s].*?)[\"']?\\s*$");
  private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s:]+:([^/@\\s]+)@");
  private static final Pattern REFERENCE = Pattern.compile("^(RAW[({])?(\\{\\{|\\$\\{|#).*");
  private static final Logger LOG = LoggerFactory.getLogger(PlainSecrets.class);
  private static final String MASK = "***";
  private final Home home;

  PlainSecrets(Home home) {
    this.home = home;
  }

  /**
   * Notes them in the log.
   *
   * @throws ConfigurationException naming them, in production
   */
  static void refuse(Home home, WaybillConfig config) {
    List<String> found = new PlainSecrets(home).find();
    if (config.isProduction() && !found.isEmpty()) {
      throw new ConfigurationException(found);
    }
    found.forEach(place -> LOG.info("{}", place));
  }

  /** Each place, with what to do; empty if there is none. */
  List<String> find() {
    List<String> found = new ArrayList<>();
    try {
      found.addAll(inProperties(home.properties()));
      if (!found.isEmpty() && isReadableByOthers(home.properties())) {
        found.add(
            "application.properties: has secrets and can be read by others; chmod 600 application.properties");
      }
      Path routes = home.folder().resolve("routes");
      if (Files.isDirectory(routes)) {
        try (Stream<Path> files = Files.walk(routes)) {
          for (Path file : files.filter(PlainSecrets::isRoute).sorted().toList()) {
            found.addAll(inRoute(file));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static boolean isRoute(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".camel.yaml") || name.endsWith(".java");
  }

  private static boolean isReadableByOthers(Path file) throws IOException {
    return Files.getFileStore(file).supportsFileAttributeView("posix")
        && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
  }

  private List<String> inProperties(Path file) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    for (int i = 0; i < lines.size(); i++) {
      Matcher property = PROPERTY.matcher(lines.get(i));
      if (!property.matches()) {
        continue;
      }
      String key = property.group(1);
      boolean isUri = property.group(2).contains("://") || property.group(2).contains("?");
      if (isSecret(key) && isPlain(property.group(2))) {
        found.add(told(file, i, key));
      } else if (isUri) {
        found.addAll(inUri(file, i, property.group(2)));
      }
    }
    return found;
  }

  private static boolean isSecret(String key) {
    boolean own =
        Setting.of(key)
            .map(Setting::isSecret)
            .orElse(key.matches("waybill\\.connections\\..+\\.password"));
    return own
        || (!key.startsWith("waybill.") && isSensitive(key.substring(key.lastIndexOf('.') + 1)));
  }

  private static boolean isSensitive(String name) {
    return SensitiveUtils.containsSensitive(name)
        || SensitiveUtils.containsSensitive(name.replace("-", "").toLowerCase(Locale.ROOT));
  }

  private static boolean isPlain(String value) {
    return !value.isBlank() && !REFERENCE.matcher(value).matches();
  }

  private List<String> inRoute(Path file) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      found.addAll(inUri(file, i, line));
      Matcher parameter = PARAMETER.matcher(line);
      if (parameter.matches() && isSensitive(parameter.group(1)) && isPlain(parameter.group(2))) {
        found.add(told(file, i, parameter.group(1)));
      }
    }
    return found;
  }

  /** The text of a route file without what is found in it, and without what is known as secret. */
  static String masked(String text) {
    return Redaction.mask(text.replace("\0", ""))
        .lines()
        .map(PlainSecrets::maskedLine)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String maskedLine(String line) {
    String masked =
        OPTION
            .matcher(line)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        isSensitive(found.group(1)) && isPlain(found.group(2))
                            ? masked(found, 2)
                            : found.group()));
    masked =
        USER_INFO
            .matcher(masked)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        isPlain(found.group(1)) ? masked(found, 1) : found.group()));
    Matcher parameter = PARAMETER.matcher(masked);
    boolean secret =
        parameter.matches() && isSensitive(parameter.group(1)) && isPlain(parameter.group(2));
    return secret
        ? masked.substring(0, parameter.start(2)) + MASK + masked.substring(parameter.end(2))
        : masked;
  }

  private static String masked(MatchResult found, int group) {
    int begin = found.start(group) - found.start();
    int end = found.end(group) - found.start();
    return found.group().substring(0, begin) + MASK + found.group().substring(end);
  }

  private List<String> inUri(Path file, int line, String text) {
    List<String> found = new ArrayList<>();
    Matcher option = OPTION.matcher(text);
    while (option.find()) {
      if (isSensitive(option.group(1)) && isPlain(option.group(2))) {
        found.add(told(file, line, option.group(1)));
      }
    }
    Matcher userInfo = USER_INFO.matcher(text);
    while (userInfo.find()) {
      if (isPlain(userInfo.group(1))) {
        found.add(told(file, line, "password in an address"));
      }
    }
    return found;
  }

  private String told(Path file, int line, String what) {
    return "%s:%d: %s is in plain text; take it from Vault, {{hashicorp:ENGINE:SECRET#FIELD}}"
        .formatted(home.folder().relativize(file), line + 1, what);
  }
}
