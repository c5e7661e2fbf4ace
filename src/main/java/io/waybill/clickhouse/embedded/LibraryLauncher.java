package io.waybill.clickhouse.embedded;

import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the ClickHouse library in a child JVM. Its standard input is its life line: closed, by us or
 * by our death, it stops.
 */
final class LibraryLauncher implements ServerLauncher {

  private final ClickHouseLibrary library;
  private final Map<String, String> environment;

  LibraryLauncher(ClickHouseLibrary library, Map<String, String> environment) {
    this.library = library;
    this.environment = environment;
  }

  @Override
  public void provide() {
    library.ensure();
  }

  @Override
  public Process launch(ServerFiles files) throws IOException {
    Path file = library.ensure();
    return ServerLauncher.start(
        files.database(),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "-Djna.tmpdir=" + executableFolder(file, files),
            "-cp",
            codeOf(EmbeddedServerMain.class) + File.pathSeparator + codeOf(Native.class),
            EmbeddedServerMain.class.getName(),
            file.toString(),
            "--log-level=warning",
            files.configArgument(),
            "--path=" + files.database(),
            "--queries-file=" + files.startSql()),
        environment);
  }

  @Override
  public void requestStop(Process server) {
    try {
      server.getOutputStream().close();
    } catch (IOException closedByItsDeath) {
      server.destroy();
    }
  }

  @Override
  public boolean localUser() {
    return true;
  }

  /**
   * Where JNA may unpack its native half: beside ClickHouse, where code can certainly be mapped,
   * because /tmp may forbid that. A cache that is only readable leaves the data folder.
   */
  private static Path executableFolder(Path library, ServerFiles files) {
    return Files.isWritable(library.getParent()) ? library.getParent() : files.temporary();
  }

  private static Path codeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("class path entry of " + type, e);
    }
  }
}
