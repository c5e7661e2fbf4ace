package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.Batch.Tail;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TsvCutTest {

  @Test
  void a_written_out_escape_is_no_line_end() throws IOException {
    assertThat(oneByOne("1\ta\\nb\n2\tc\n")).containsExactly("1\ta\\nb\n", "2\tc\n");
  }

  @Test
  void a_backslash_takes_the_line_feed_behind_it_along() throws IOException {
    assertThat(oneByOne("1\ta\\\nb\n2\tc\n")).containsExactly("1\ta\\\nb\n", "2\tc\n");
  }

  @Test
  void an_escaped_backslash_does_not() throws IOException {
    assertThat(oneByOne("1\ta\\\\\n2\tb\\\\\\\nc\n"))
        .containsExactly("1\ta\\\\\n", "2\tb\\\\\\\nc\n");
  }

  @Test
  void quotes_are_data() throws IOException {
    assertThat(oneByOne("1\t\"a\n2\tb\"\n")).containsExactly("1\t\"a\n", "2\tb\"\n");
  }

  @Test
  void carriage_returns_stay_for_the_server_to_judge() throws IOException {
    assertThat(oneByOne("1\ta\r\n\r\n2\tb\\\r\n")).containsExactly("1\ta\r\n", "2\tb\\\r\n");
  }

  @Test
  void blank_lines_stay_where_there_is_one_column() throws IOException {
    assertThat(oneByOne("a\n\nb\\\tc\n")).containsExactly("a\n", "\n", "b\\\tc\n");
    assertThat(oneByOne("a\\\tb\n\n")).containsExactly("a\\\tb\n", "\n");
    assertThat(oneByOne("a\tb\n\nc\td\n")).containsExactly("a\tb\n", "c\td\n");
  }

  @Test
  void the_header_line_is_put_in_front_of_every_batch() throws IOException {
    assertThat(Cuts.texts(Cuts.all("a\tb\n1\t2\n3\t4", Format.TSV_WITH_NAMES, Cuts.rows(1))))
        .containsExactly("a\tb\n1\t2\n", "a\tb\n3\t4");
  }

  @Test
  void a_last_record_without_line_end_is_unterminated() throws IOException {
    List<Batch> batches = Cuts.all("1\t\"a", Format.TSV, Cuts.WIDE);
    assertThat(batches).extracting(Batch::tail).containsExactly(Tail.UNTERMINATED);
  }

  private static List<String> oneByOne(String text) throws IOException {
    return Cuts.texts(Cuts.all(text, Format.TSV, Cuts.rows(1)));
  }
}
