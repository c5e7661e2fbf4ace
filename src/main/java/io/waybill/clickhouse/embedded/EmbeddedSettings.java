package io.waybill.clickhouse.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the embedded ClickHouse is run. Immutable; starts at {@link #in}, the {@code with} methods
 * give changed copies.
 *
 * @param dataFolder everything of the server: data, configuration, log, {@code server.properties};
 *     made if missing, closed to other users
 * @param binary a {@code clickhouse} binary (name on the PATH, or path) that is run in place of the
 *     library
 * @param library where the library is kept and how it is fetched; not looked at if a binary is
 *     named
 * @param extras users, profiles and server settings beside Waybill's own
 * @param startTimeout how long a server may take from its process to its first answer
 * @param maxQuickDeaths how often in a row the server may end within ten seconds of its start
 *     before it is left down
 * @param listener told of the one-time download
 * @param environment variables that the server gets beside the few that it inherits
 */
public record EmbeddedSettings(
    Path dataFolder,
    Optional<String> binary,
    LibrarySettings library,
    ServerExtras extras,
    Duration startTimeout,
    int maxQuickDeaths,
    DownloadListener listener,
    Map<String, String> environment) {

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_QUICK_DEATHS = 10;

  /** Copies the environment. */
  public EmbeddedSettings {
    environment = Map.copyOf(environment);
  }

  /**
   * The defaults: the library from the per-user cache, nothing extra, a minute to start, a silent
   * download.
   */
  public static EmbeddedSettings in(Path dataFolder) {
    return new EmbeddedSettings(
        dataFolder.toAbsolutePath().normalize(),
        Optional.empty(),
        LibrarySettings.fromEnvironment(System.getenv()),
        ServerExtras.NONE,
        START_TIMEOUT,
        MAX_QUICK_DEATHS,
        DownloadListener.SILENT,
        Map.of());
  }

  /** With a {@code clickhouse} binary in place of the library. */
  public EmbeddedSettings withBinary(String name) {
    return new EmbeddedSettings(
        dataFolder,
        Optional.of(name),
        library,
        extras,
        startTimeout,
        maxQuickDeaths,
        listener,
        environment);
  }

  /** With another cache, version or search path. */
  public EmbeddedSettings withLibrary(LibrarySettings other) {
    return new EmbeddedSettings(
        dataFolder, binary, other, extras, startTimeout, maxQuickDeaths, listener, environment);
  }

  /** With users, profiles and server settings beside Waybill's own. */
  public EmbeddedSettings withExtras(ServerExtras other) {
    return new EmbeddedSettings(
        dataFolder, binary, library, other, startTimeout, maxQuickDeaths, listener, environment);
  }

  /** With another patience at the start. */
  public EmbeddedSettings withStartTimeout(Duration other) {
    return new EmbeddedSettings(
        dataFolder, binary, library, extras, other, maxQuickDeaths, listener, environment);
  }

  /** With another patience for a server that keeps dying. */
  public EmbeddedSettings withMaxQuickDeaths(int other) {
    return new EmbeddedSettings(
        dataFolder, binary, library, extras, startTimeout, other, listener, environment);
  }

  /** With somebody who shows the download. */
  public EmbeddedSettings withListener(DownloadListener other) {
    return new EmbeddedSettings(
        dataFolder, binary, library, extras, startTimeout, maxQuickDeaths, other, environment);
  }

  /** With variables in the server's environment, in place of inherited ones of the same names. */
  public EmbeddedSettings withEnvironment(Map<String, String> other) {
    return new EmbeddedSettings(
        dataFolder, binary, library, extras, startTimeout, maxQuickDeaths, listener, other);
  }
}
