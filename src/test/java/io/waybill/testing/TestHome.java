package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A home for a Waybill of its own, filled by a test. */
public final class TestHome {
  private final Path folder;

  /** In this folder, with an empty {@code application.properties}. */
  public TestHome(Path folder) {
    this.folder = folder;
    write("application.properties", "");
  }

  /** As {@link #TestHome}, configured for {@link TestClickHouse}. */
  public static TestHome onTestClickHouse(Path folder) {
    return new TestHome(folder)
        .properties(
            """
            waybill.clickhouse.url=%s
            waybill.clickhouse.user=%s
            waybill.clickhouse.password=%s
            waybill.files.quiet=0s
            """
                .formatted(TestClickHouse.url(), TestClickHouse.user(), TestClickHouse.password()));
  }

  public Path folder() {
    return folder;
  }

  /** Replaces {@code application.properties}. */
  public TestHome properties(String text) {
    return write("application.properties", text);
  }

  /** A flow with this id, from the folder {@code in/ID} to this {@code waybill:} target. */
  public TestHome flow(String id, String target) {
    folder("in/" + id);
    return write(
        "routes/" + id + ".camel.yaml",
        """
        - route:
            id: %1$s
            from:
              uri: file:in/%1$s?noop=true
              steps:
                - to: waybill:%2$s
        """
            .formatted(id, target));
  }

  /** Makes a folder below the home. */
  public TestHome folder(String path) {
    try {
      Files.createDirectories(folder.resolve(path));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file below the home. */
  public TestHome write(String path, String text) {
    return write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a file below the home. */
  public TestHome write(String path, byte[] bytes) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
