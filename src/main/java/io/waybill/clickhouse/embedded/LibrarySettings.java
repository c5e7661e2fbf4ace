package io.waybill.clickhouse.embedded;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Where the ClickHouse library is kept and how it is fetched. Immutable.
 *
 * @param cacheFolder the per-user cache, outside of any project, so that a clean build does not
 *     lose 178 MB
 * @param version version of the npm package, without the package's name
 * @param searchPath folders in which {@code npm} (and the {@code node} that it needs) is looked
 *     for, in order
 */
public record LibrarySettings(Path cacheFolder, String version, List<Path> searchPath) {

  /** The version that Waybill is built and tested with. */
  public static final String DEFAULT_VERSION = "26.7.3-stable.1";

  /** Checks the version, which becomes part of a path and of an npm package specifier. */
  public LibrarySettings {
    if (!version.matches("[0-9A-Za-z][0-9A-Za-z.+-]*")) {
      throw new IllegalArgumentException("'" + version + "' is no version of an npm package");
    }
    searchPath = List.copyOf(searchPath);
  }

  /**
   * The settings that an environment asks for: the cache is {@code WAYBILL_CACHE}, else {@code
   * XDG_CACHE_HOME/waybill}, else {@code ~/.cache/waybill}; npm is looked for on {@code PATH}.
   */
  public static LibrarySettings fromEnvironment(Map<String, String> environment) {
    return new LibrarySettings(
        cacheFolder(environment),
        DEFAULT_VERSION,
        searchPath(environment.getOrDefault("PATH", "")));
  }

  private static Path cacheFolder(Map<String, String> environment) {
    String own = environment.getOrDefault("WAYBILL_CACHE", "");
    if (!own.isBlank()) {
      return Path.of(own).toAbsolutePath();
    }
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    // the XDG specification says that a relative path is to be ignored
    if (!xdg.isBlank() && Path.of(xdg).isAbsolute()) {
      return Path.of(xdg, "waybill");
    }
    return Path.of(System.getProperty("user.home"), ".cache", "waybill");
  }

  private static List<Path> searchPath(String path) {
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isBlank())
        .map(Path::of)
        .toList();
  }
}
