package io.waybill.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder with {@code application.properties}, {@code routes/} and {@code data/}.
 *
 * @param folder absolute
 */
public record Home(Path folder) {

  /**
   * {@code --home}, else {@code WAYBILL_HOME}, else the current folder if it has an {@code
   * application.properties}, else the installation's own.
   *
   * @param option value of {@code --home} or null
   * @param current current folder
   * @throws ConfigurationException if the folder that was named is not there
   */
  public static Home find(Path option, Map<String, String> environment, Path current) {
    if (option != null) {
      return named(option, "--home");
    }
    String variable = environment.get("WAYBILL_HOME");
    if (variable != null && !variable.isBlank()) {
      return named(Path.of(variable), "WAYBILL_HOME");
    }
    String installation = environment.get("WAYBILL_INSTALLATION");
    if (Files.exists(current.resolve("application.properties")) || installation == null) {
      return new Home(current.toAbsolutePath().normalize());
    }
    return named(Path.of(installation), "WAYBILL_INSTALLATION");
  }

  private static Home named(Path folder, String by) {
    if (!Files.isDirectory(folder)) {
      throw new ConfigurationException(
          java.util.List.of(by + ": there is no folder " + folder.toAbsolutePath()));
    }
    return new Home(folder.toAbsolutePath().normalize());
  }

  /** The file that people configure. */
  public Path properties() {
    return folder.resolve("application.properties");
  }

  /** What Waybill writes. */
  public Path data() {
    return folder.resolve("data");
  }

  /** Where refused records are kept. */
  public Path deadLetters() {
    return data().resolve("dead-letters");
  }

  /** Keys and signed heads of the audit trail. */
  public Path audit() {
    return data().resolve("audit");
  }

  /** The ledger's file. */
  public Path ledger() {
    return data().resolve("ledger.db");
  }
}
