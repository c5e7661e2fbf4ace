package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Texts that may stand before others, and those that would swallow them. */
final class WholeRecordsTest {
  private static OptionalLong count(Format format, String text) {
    return WholeRecords.count(format, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void recordsAreCountedNotLines() {
    assertThat(count(Format.CSV, "1,a\n2,\"b\nc\"\n")).hasValue(2);
    assertThat(count(Format.TSV, "1\ta\n2\tb\\\nc\n")).hasValue(2);
    assertThat(count(Format.CSV, "")).hasValue(0);
  }

  @Test
  void aTextThatGoesOnInTheNextIsNotWhole() {
    assertThat(count(Format.CSV, "1,a\n2,\"b\n")).isEmpty();
    assertThat(count(Format.TSV, "1\ta\\\n")).isEmpty();
  }
}
