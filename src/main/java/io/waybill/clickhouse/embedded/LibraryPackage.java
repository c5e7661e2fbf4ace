package io.waybill.clickhouse.embedded;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The npm package that holds ClickHouse as a library for one platform. Immutable.
 *
 * @param name name of the package
 * @param version version of the package
 */
record LibraryPackage(String name, String version) {

  private static final long MEGABYTE = 1_000_000;

  /** What is downloaded; exact for the default version on 64-bit Intel Linux. */
  static final long DOWNLOAD_BYTES = 177_886_261;

  /** What has to fit on the disk while it is fetched: the download and what it unpacks to. */
  static final long DISK_BYTES = 760 * MEGABYTE;

  private static final String PINNED_NAME = "@chdb/lib-linux-x64-gnu";
  private static final String PINNED_INTEGRITY =
      "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==";

  /**
   * The package for an operating system and processor.
   *
   * @param osName as the system property {@code os.name}
   * @param osArch as the system property {@code os.arch}
   * @throws EmbeddedClickHouseException if there is none
   */
  static LibraryPackage of(String osName, String osArch, String version) {
    String os = osName.toLowerCase(Locale.ROOT);
    boolean arm = osArch.equals("aarch64") || osArch.equals("arm64");
    boolean intel = osArch.equals("amd64") || osArch.equals("x86_64");
    if (os.startsWith("linux") && (arm || intel)) {
      return new LibraryPackage("@chdb/lib-linux-" + (arm ? "arm64" : "x64") + "-gnu", version);
    }
    if (os.startsWith("mac") && (arm || intel)) {
      return new LibraryPackage("@chdb/lib-darwin-" + (arm ? "arm64" : "x64"), version);
    }
    throw new EmbeddedClickHouseException(
        "There is no embedded ClickHouse for %s on %s. %s"
            .formatted(osName, osArch, ClickHouseLibrary.OTHER_WAYS));
  }

  /** As npm wants to be asked for it. */
  String specifier() {
    return name + "@" + version;
  }

  /** Where npm puts the library under its prefix. */
  Path library() {
    return Path.of("node_modules").resolve(name).resolve("libchdb.so");
  }

  /** The digest that the download must have; known for the package that Waybill is tested with. */
  Optional<String> integrity() {
    boolean pinned = name.equals(PINNED_NAME) && version.equals(LibrarySettings.DEFAULT_VERSION);
    return pinned ? Optional.of(PINNED_INTEGRITY) : Optional.empty();
  }
}
