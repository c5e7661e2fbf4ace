package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CutLimitsTest {
  private static final String FIVE = "h,i\n1,a\n2,b\n3,c\n4,d\n5,e\n";

  @Test
  void a_batch_takes_so_many_rows() throws IOException {
    assertThat(Cuts.texts(Cuts.all(FIVE, Format.CSV_WITH_NAMES, Cuts.rows(2))))
        .containsExactly("h,i\n1,a\n2,b\n", "h,i\n3,c\n4,d\n", "h,i\n5,e\n");
  }

  @Test
  void a_batch_takes_so_many_bytes_with_its_header() throws IOException {
    assertThat(Cuts.texts(Cuts.all(FIVE, Format.CSV_WITH_NAMES, Cuts.bytes(15))))
        .containsExactly("h,i\n1,a\n2,b\n", "h,i\n3,c\n4,d\n", "h,i\n5,e\n");
  }

  @Test
  void a_single_larger_record_is_alone() throws IOException {
    assertThat(Cuts.texts(Cuts.all("1,a\n2,bbbbbbbbbb\n3,c\n4,d\n", Format.CSV, Cuts.bytes(8))))
        .containsExactly("1,a\n", "2,bbbbbbbbbb\n", "3,c\n4,d\n");
  }

  @Test
  void an_unterminated_record_that_does_not_fit_comes_in_the_next_batch() throws IOException {
    assertThat(Cuts.texts(Cuts.all("1,a\n2,b\n3,c", Format.CSV, Cuts.rows(2))))
        .containsExactly("1,a\n2,b\n", "3,c");
  }

  @Test
  void a_record_over_the_limit_is_refused_with_the_byte_where_it_begins() {
    CutLimits limits = new CutLimits(10, 1 << 20, 100);
    String text = "1,a\n2,\"" + "b\n".repeat(100);
    assertThatThrownBy(() -> Cuts.all(text, Format.CSV, limits))
        .isInstanceOf(SourceFormatException.class)
        .hasMessageContaining("memory/in.txt, byte 4:")
        .hasMessageContaining("longer than 100 (an unclosed quote?)");
  }

  @Test
  void a_record_longer_than_the_read_buffer_is_whole() throws IOException {
    String text = "1,\"" + "x\n".repeat(300_000) + "\"\n2,a\n";
    List<Batch> batches;
    try (Cutter cutter =
        Cutter.open(BytesSource.of(text), Format.CSV, Cuts.rows(1), new SegmentPool())) {
      batches = Cuts.rest(cutter, false);
    }
    assertThat(String.join("", Cuts.texts(batches))).isEqualTo(text);
    assertThat(batches).hasSize(2);
  }

  @Test
  void planned_ranges_skips_and_new_batches_follow_one_another() throws IOException {
    List<Batch> planned = Cuts.all(FIVE, Format.CSV_WITH_NAMES, Cuts.rows(1));
    try (Cutter cutter = Cuts.open(FIVE, Format.CSV_WITH_NAMES, Cuts.WIDE)) {
      assertThat(cutter.read(planned.get(0).position()).digest())
          .isEqualTo(planned.get(0).digest());
      assertThat(cutter.read(planned.get(2).position()).digest())
          .isEqualTo(planned.get(2).digest());
      cutter.skipTo(planned.get(3).position().to(), 5);
      Batch last = cutter.next(false);
      assertThat(last.digest()).isEqualTo(planned.get(4).digest());
      assertThat(last.position()).isEqualTo(planned.get(4).position());
      assertThat(cutter.fractionRead()).isEqualTo(1.0);
    }
  }

  @Test
  void zero_is_the_first_record() throws IOException {
    try (Cutter cutter = Cuts.open(FIVE, Format.CSV_WITH_NAMES, Cuts.rows(1))) {
      cutter.skipTo(0, 1);
      assertThat(cutter.next(true).position()).isEqualTo(new Position(4, 8, 1, 1));
    }
  }

  @Test
  void going_back_is_the_callers_mistake() throws IOException {
    try (Cutter cutter = Cuts.open(FIVE, Format.CSV_WITH_NAMES, Cuts.rows(2))) {
      Position first = cutter.next(true).position();
      assertThatIllegalArgumentException().isThrownBy(() -> cutter.skipTo(first.from(), 1));
      assertThatIllegalArgumentException().isThrownBy(() -> cutter.read(first));
    }
  }

  @Test
  void a_range_that_the_source_does_not_have_is_null() throws IOException {
    try (Cutter cutter = Cuts.open(FIVE, Format.CSV_WITH_NAMES, Cuts.rows(2))) {
      assertThat(cutter.read(new Position(2, 8, 1, 1))).isNull();
      assertThat(cutter.read(new Position(8, FIVE.length() + 1, 1, 1))).isNull();
    }
    try (Cutter cutter = Cuts.open(FIVE, Format.CSV_WITH_NAMES, Cuts.rows(2))) {
      assertThat(cutter.read(new Position(100, 200, 1, 1))).isNull();
    }
  }

  @Test
  void a_header_that_grew_over_the_checkpoint_is_a_changed_source() throws IOException {
    try (Cutter cutter = Cuts.open(FIVE, Format.CSV_WITH_NAMES, Cuts.WIDE)) {
      assertThatThrownBy(() -> cutter.skipTo(2, 1))
          .isInstanceOf(SourceFormatException.class)
          .hasMessageContaining("the source changed");
    }
  }

  @Test
  void a_planned_range_stays_what_it_was_when_the_file_grows_behind_it() throws IOException {
    Batch before = Cuts.all("1,a\n2,b", Format.CSV, Cuts.WIDE).get(0);
    try (Cutter cutter = Cuts.open("1,a\n2,bcd\n3,e\n", Format.CSV, Cuts.WIDE)) {
      Batch again = cutter.read(before.position());
      assertThat(again.digest()).isEqualTo(before.digest());
      assertThat(again.tail()).isEqualTo(before.tail());
    }
  }

  @Test
  void a_planned_range_is_read_again_when_the_limits_are_narrower_by_now() throws IOException {
    Batch before = Cuts.all("1,abcdefghijklmnop\n", Format.CSV, Cuts.WIDE).get(0);
    CutLimits narrow = new CutLimits(1, 1, 5);
    try (Cutter cutter = Cuts.open("1,abcdefghijklmnop\n", Format.CSV, narrow)) {
      assertThat(cutter.read(before.position()).digest()).isEqualTo(before.digest());
    }
  }
}
