package io.waybill.clickhouse.embedded;

import java.nio.file.Path;
import java.util.List;

/** A process of its own that fetches the library with the npm of a folder. */
final class FetchMain {
  private FetchMain() {}

  public static void main(String[] args) {
    new ClickHouseLibrary(settings(Path.of(args[0]), Path.of(args[1])), DownloadListener.SILENT)
        .ensure();
  }

  /** A version that no digest is pinned for, fetched with the npm in {@code tools} first. */
  static LibrarySettings settings(Path cache, Path tools) {
    return new LibrarySettings(
        cache, "0.0.1", List.of(tools, Path.of("/usr/bin"), Path.of("/bin")));
  }
}
