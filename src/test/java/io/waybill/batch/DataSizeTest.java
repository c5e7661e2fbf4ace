package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "123, 123",
    "7B, 7",
    "512KB, 524288",
    "64MB, 67108864",
    "64MiB, 67108864",
    "64m, 67108864",
    "' 1 gb ', 1073741824",
    "2TB, 2199023255552"
  })
  void units_are_powers_of_1024(String text, long bytes) {
    assertThat(DataSize.parse(text)).isEqualTo(new DataSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MB", "-1", "1.5GB", "64 M B", "64XB", "0x10"})
  void what_is_not_a_size_is_refused_with_examples(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DataSize.parse(text))
        .withMessageContaining("'" + text + "'")
        .withMessageContaining("64MB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999TB", "99999999999999999999"})
  void too_large_a_size_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DataSize.parse(text))
        .withMessageContaining("it is more than");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1000, 1000", "1024, 1KB", "1572864, 1536KB", "67108864, 64MB"})
  void the_text_is_the_shortest_without_loss(long bytes, String text) {
    assertThat(new DataSize(bytes)).hasToString(text);
  }

  @Property
  void every_text_reads_back(@ForAll @LongRange(min = 0) long bytes) {
    assertThat(DataSize.parse(new DataSize(bytes).toString()).bytes()).isEqualTo(bytes);
  }
}
