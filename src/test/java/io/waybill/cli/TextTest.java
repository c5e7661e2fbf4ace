package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KB",
    "1536, 1.5 KB",
    "67108864, 64.0 MB",
    "1099511627776, 1.0 TB",
    "1125899906842624, 1024.0 TB"
  })
  void sizesHaveTheUnitThatFits(long bytes, String text) {
    assertThat(Text.size(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"0;row;0 rows", "1;row;1 row", "1234567;row;1,234,567 rows", "2;batch;2 batches"})
  void countsHaveTheirPlural(long number, String one, String text) {
    assertThat(Text.count(number, one)).isEqualTo(text);
  }

  @Test
  void ratesOfNoTimeAreNoInfinity() {
    assertThat(Text.perSecond(10, Duration.ZERO)).isEqualTo("10,000 rows/s");
    assertThat(Text.perSecond(10, Duration.ofSeconds(4))).isEqualTo("3 rows/s");
    assertThat(Text.megabytesPerSecond(1 << 20, Duration.ofSeconds(2))).isEqualTo("0.5 MB/s");
  }

  @Test
  void timesAreInUtc() {
    assertThat(Text.time(Instant.parse("2026-01-02T03:04:05.678Z")))
        .isEqualTo("2026-01-02 03:04:05Z");
    assertThat(Text.seconds(Duration.ofMillis(1234))).isEqualTo("1.23 s");
  }

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(Text.table(List.of("A", "B"), List.of(List.of("long", "x"), List.of("s", "yy"))))
        .containsExactly("A     B", "long  x", "s     yy");
  }
}
