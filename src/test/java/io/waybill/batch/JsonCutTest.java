package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.batch.Batch.Tail;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCutTest {

  @Test
  void each_line_is_a_record_and_blank_ones_are_not() throws IOException {
    List<Batch> batches =
        Cuts.all(
            " \r\n{\"a\":\"}{\"}\n\n \t\n{\"a\":2}\r\n\n ", Format.JSON_EACH_ROW, Cuts.rows(1));
    assertThat(Cuts.texts(batches)).containsExactly("{\"a\":\"}{\"}\n", "{\"a\":2}\r\n");
    assertThat(Cuts.positions(batches))
        .containsExactly(new Position(0, 18, 1, 1), new Position(18, 29, 2, 1));
    assertThat(batches).extracting(Batch::tail).containsOnly(Tail.COMPLETE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[{\"a\":1},{\"a\":2}]", "\n[\n{\"a\":1}\n]\n"})
  void an_array_is_refused_with_the_command_that_converts_it(String text) {
    assertRefused(text, "jq -c '.[]'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\n  \"a\": 1\n}\n", "{\"a\":[1,\n2]}\n", "{\"a\":1}{\"a\":2}\n", "a,b\n1,2\n"})
  void what_is_not_one_object_per_line_is_refused(String text) {
    assertRefused(text, "jq -c .");
  }

  @Test
  void only_blanks_give_no_batch() throws IOException {
    assertThat(Cuts.all(" \n\t\r\n  ", Format.JSON_EACH_ROW, Cuts.WIDE)).isEmpty();
  }

  @Test
  void a_whole_object_without_line_end_is_unterminated() throws IOException {
    List<Batch> batches = Cuts.all("{\"a\":1}\n{\"a\":2}", Format.JSON_EACH_ROW, Cuts.WIDE);
    assertThat(Cuts.texts(batches)).containsExactly("{\"a\":1}\n{\"a\":2}");
    assertThat(batches).extracting(Batch::tail).containsExactly(Tail.UNTERMINATED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":\"x", "{\"a\":[1", "{\"a\":\"\\\"}"})
  void half_an_object_at_the_end_is_truncated(String half) throws IOException {
    List<Batch> batches = Cuts.all("{\"a\":1}\n" + half, Format.JSON_EACH_ROW, Cuts.WIDE);
    assertThat(Cuts.texts(batches)).containsExactly("{\"a\":1}\n", half);
    assertThat(batches).extracting(Batch::tail).containsExactly(Tail.COMPLETE, Tail.TRUNCATED);
  }

  private static void assertRefused(String text, String remedy) {
    assertThatThrownBy(() -> Cuts.all(text, Format.JSON_EACH_ROW, Cuts.WIDE))
        .isInstanceOf(SourceFormatException.class)
        .hasMessageContaining("memory/in.txt, byte")
        .hasMessageContaining(remedy);
  }
}
