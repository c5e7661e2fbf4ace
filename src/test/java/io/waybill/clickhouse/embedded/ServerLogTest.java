package io.waybill.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLogTest {

  @TempDir Path folder;

  @Test
  void keepsTwoFilesOfABoundedSizeAndTheLastLines() throws IOException {
    Path file = folder.resolve("clickhouse.log");
    ServerLog log = new ServerLog(file);
    String line = "x".repeat(999) + "\n";

    log.carry(stream(line.repeat(25_000) + "the end\n"));

    assertThat(Files.size(file)).isLessThan(10_001_000);
    assertThat(Files.size(folder.resolve("clickhouse.log.1"))).isBetween(10_000_000L, 10_001_000L);
    assertThat(folder.toFile().list()).hasSize(2);
    assertThat(log.lastLines()).endsWith("the end");
    assertThat(log.lastLines().lines()).hasSize(20);
  }

  @Test
  void goesOnInTheFileOfTheRunBefore() {
    Path file = folder.resolve("clickhouse.log");
    new ServerLog(file).carry(stream("one\n"));
    new ServerLog(file).carry(stream("two\n"));
    assertThat(file).hasContent("one\ntwo\n");
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
