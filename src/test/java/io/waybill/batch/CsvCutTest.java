package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.batch.Batch.Tail;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvCutTest {

  @Test
  void a_quoted_line_break_does_not_end_a_record() throws IOException {
    assertThat(oneByOne("1,\"a\nb\"\n2,c\n")).containsExactly("1,\"a\nb\"\n", "2,c\n");
  }

  @Test
  void doubled_quotes_inside_do_not_close_the_field() throws IOException {
    assertThat(oneByOne("1,\"a\"\"\n\"\"b\"\n2,\"\"\n"))
        .containsExactly("1,\"a\"\"\n\"\"b\"\n", "2,\"\"\n");
  }

  @Test
  void a_quote_opens_a_field_behind_blanks_and_tabs_too() throws IOException {
    assertThat(oneByOne("1, \t\"a\nb\"\n2,c\n")).containsExactly("1, \t\"a\nb\"\n", "2,c\n");
  }

  @Test
  void a_quote_within_a_field_is_data() throws IOException {
    assertThat(oneByOne("1,5\" disk\n2,\"c\" \"d\n3,e\n"))
        .containsExactly("1,5\" disk\n", "2,\"c\" \"d\n", "3,e\n");
  }

  @Test
  void a_single_quote_is_data() throws IOException {
    assertThat(oneByOne("1,'a\n2,b'\n")).containsExactly("1,'a\n", "2,b'\n");
  }

  @Test
  void carriage_returns_stay_and_a_lone_one_is_no_line_end() throws IOException {
    assertThat(oneByOne("1,a\r\n2,b\rc\r\n")).containsExactly("1,a\r\n", "2,b\rc\r\n");
  }

  @Test
  void the_header_line_is_put_in_front_of_every_batch() throws IOException {
    List<Batch> batches = Cuts.all("a,\"b\nc\"\r\n1,2\r\n3,4\r\n", Format.CSV_WITH_NAMES, one());
    assertThat(Cuts.texts(batches))
        .containsExactly("a,\"b\nc\"\r\n1,2\r\n", "a,\"b\nc\"\r\n3,4\r\n");
    assertThat(Cuts.positions(batches))
        .containsExactly(new Position(9, 14, 1, 1), new Position(14, 19, 2, 1));
  }

  @Test
  void nothing_or_only_a_header_gives_no_batch() throws IOException {
    for (String text : List.of("", "\ufeff", "a,b", "a,b\n", "a,b\n\n\r\n", "\n\n")) {
      assertThat(Cuts.all(text, Format.CSV_WITH_NAMES, Cuts.WIDE)).as(text).isEmpty();
    }
    assertThat(Cuts.all("", Format.CSV, Cuts.WIDE)).isEmpty();
  }

  @Test
  void a_header_that_ends_inside_a_quote_is_refused_once_the_source_is_whole() throws IOException {
    try (Cutter cutter = Cuts.open("a,\"b\n1,2\n", Format.CSV_WITH_NAMES, Cuts.WIDE)) {
      assertThat(cutter.next(false)).isNull();
      assertThatThrownBy(() -> cutter.next(true))
          .isInstanceOf(SourceFormatException.class)
          .hasMessageContaining("memory/in.txt, byte 0")
          .hasMessageContaining("inside a quote of the header line");
    }
  }

  @Test
  void a_byte_order_mark_is_left_out_and_counted() throws IOException {
    List<Batch> batches = Cuts.all("\ufeff1,2\n", Format.CSV, Cuts.WIDE);
    assertThat(Cuts.texts(batches)).containsExactly("1,2\n");
    assertThat(Cuts.positions(batches)).containsExactly(new Position(3, 7, 1, 1));
  }

  @Test
  void blank_lines_between_columns_are_left_out_but_lie_in_the_range() throws IOException {
    List<Batch> batches = Cuts.all("\n1,2\n\r\n\n3,4\n\n\r", Format.CSV, one());
    assertThat(Cuts.texts(batches)).containsExactly("1,2\n", "3,4\n");
    assertThat(Cuts.positions(batches))
        .containsExactly(new Position(0, 8, 1, 1), new Position(8, 14, 2, 1));
    assertThat(batches).extracting(Batch::tail).containsOnly(Tail.COMPLETE);
  }

  @Test
  void a_comma_inside_quotes_does_not_make_a_second_column() throws IOException {
    assertThat(oneByOne("\"a,b\"\n\nc\n")).containsExactly("\"a,b\"\n", "\n", "c\n");
  }

  @Test
  void blank_lines_of_a_single_column_are_records() throws IOException {
    assertThat(oneByOne("\n\na\n\nb\n\n")).containsExactly("\n", "\n", "a\n", "\n", "b\n", "\n");
    assertThat(Cuts.texts(Cuts.all("x\n\n1\n", Format.CSV_WITH_NAMES, one())))
        .containsExactly("x\n\n", "x\n1\n");
  }

  @Test
  void blank_lines_wait_until_the_first_record_tells_the_columns() throws IOException {
    try (Cutter cutter = Cuts.open("\n\na", Format.CSV, Cuts.WIDE)) {
      assertThat(cutter.next(false)).isNull();
      assertThat(cutter.leftover()).isEqualTo(3);
      assertThat(Cuts.text(cutter.next(true))).isEqualTo("\n\na");
    }
  }

  @Test
  void a_last_record_without_line_end_is_held_back_until_asked_for() throws IOException {
    try (Cutter cutter = Cuts.open("1,2\n3,\"4\"", Format.CSV, Cuts.WIDE)) {
      Batch first = cutter.next(false);
      assertThat(Cuts.text(first)).isEqualTo("1,2\n");
      assertThat(first.tail()).isEqualTo(Tail.COMPLETE);
      assertThat(cutter.leftover()).isEqualTo(5);
      assertThat(cutter.next(false)).isNull();
      assertThat(cutter.leftover()).isEqualTo(5);
      Batch last = cutter.next(true);
      assertThat(Cuts.text(last)).isEqualTo("3,\"4\"");
      assertThat(last.tail()).isEqualTo(Tail.UNTERMINATED);
      assertThat(last.position()).isEqualTo(new Position(4, 9, 2, 1));
      assertThat(cutter.leftover()).isZero();
      assertThat(cutter.next(true)).isNull();
    }
  }

  @Test
  void a_record_that_ends_inside_a_quote_is_alone_in_its_batch() throws IOException {
    List<Batch> batches = Cuts.all("1,2\n3,\"4\n5,6\n", Format.CSV, Cuts.WIDE);
    assertThat(Cuts.texts(batches)).containsExactly("1,2\n", "3,\"4\n5,6\n");
    assertThat(batches).extracting(Batch::tail).containsExactly(Tail.COMPLETE, Tail.TRUNCATED);
    try (Cutter cutter = Cuts.open("1,2\n3,\"4\n5,6\n", Format.CSV, Cuts.WIDE)) {
      assertThat(Cuts.rest(cutter, false)).hasSize(1);
      assertThat(cutter.leftover()).isEqualTo(9);
    }
  }

  private static List<String> oneByOne(String text) throws IOException {
    return Cuts.texts(Cuts.all(text, Format.CSV, one()));
  }

  private static CutLimits one() {
    return Cuts.rows(1);
  }
}
