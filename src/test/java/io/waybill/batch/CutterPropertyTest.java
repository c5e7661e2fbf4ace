package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.batch.Batch.Tail;
import io.waybill.batch.BytesSource.Packing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the bytes and the limits are, the batches are the source. */
class CutterPropertyTest {

  /** A source, what it holds, and limits to cut it by. */
  record Given(String text, boolean bom, Packing packing, Format format, CutLimits limits) {
    BytesSource source() {
      byte[] bytes = ((bom ? "\ufeff" : "") + text).getBytes(StandardCharsets.UTF_8);
      return BytesSource.packed(bytes, packing);
    }

    long size() {
      return (long) text.getBytes(StandardCharsets.UTF_8).length + (bom ? 3 : 0);
    }

    NaiveRecords expected() {
      return new NaiveRecords(text, format);
    }

    boolean headerCutOff() {
      NaiveRecords naive = expected();
      return format.hasHeader() && naive.records.size() == 1 && naive.lastIsQuoted;
    }
  }

  @Property(tries = 3000)
  void batches_put_together_are_the_records_of_the_source(@ForAll("given") Given given)
      throws IOException {
    if (given.headerCutOff()) {
      assertThatThrownBy(() -> Cuts.all(given.source(), given.format(), given.limits()))
          .isInstanceOf(SourceFormatException.class);
      return;
    }
    NaiveRecords expected = given.expected();
    boolean header = given.format().hasHeader() && !expected.records.isEmpty();
    String headerLine = header ? expected.records.get(0) : "";
    List<String> records = expected.records.subList(header ? 1 : 0, expected.records.size());

    List<Batch> batches = Cuts.all(given.source(), given.format(), given.limits());

    int done = 0;
    for (Batch batch : batches) {
      int count = (int) batch.position().records();
      List<String> mine = records.subList(done, done + count);
      assertThat(Cuts.text(batch)).isEqualTo(headerLine + String.join("", mine));
      assertThat(batch.position().firstRecord()).isEqualTo(done + 1);
      assertWithin(given.limits(), batch);
      done += count;
    }
    assertThat(done).isEqualTo(records.size());
    assertTiled(batches, given.size());
    assertTails(batches, expected);
  }

  @Property(tries = 1000)
  void a_planned_range_is_the_same_again_whatever_the_limits(
      @ForAll("given") Given given, @ForAll("limits") CutLimits others) throws IOException {
    if (given.headerCutOff()) {
      return;
    }
    List<Batch> batches = Cuts.all(given.source(), given.format(), given.limits());
    try (Cutter cutter = Cuts.open(given.source(), given.format(), others)) {
      for (Batch batch : batches) {
        assertSame(batch, cutter.read(batch.position()));
      }
      assertThat(cutter.next(true)).isNull();
    }
    for (Batch batch : batches) {
      try (Cutter cutter = Cuts.open(given.source(), given.format(), others)) {
        assertSame(batch, cutter.read(batch.position()));
      }
    }
  }

  @Property(tries = 1000)
  void a_cut_goes_on_the_same_from_every_boundary(@ForAll("given") Given given) throws IOException {
    if (given.headerCutOff()) {
      return;
    }
    List<Batch> batches = Cuts.all(given.source(), given.format(), given.limits());
    for (int i = 0; i < batches.size(); i++) {
      Position position = batches.get(i).position();
      try (Cutter cutter = Cuts.open(given.source(), given.format(), given.limits())) {
        cutter.skipTo(position.from(), position.firstRecord());
        List<Batch> rest = Cuts.rest(cutter, true);
        assertThat(rest).hasSize(batches.size() - i);
        for (int j = 0; j < rest.size(); j++) {
          assertSame(batches.get(i + j), rest.get(j));
        }
      }
    }
  }

  @Property(tries = 1000)
  void what_is_held_back_comes_when_it_is_asked_for(@ForAll("given") Given given)
      throws IOException {
    if (given.headerCutOff()) {
      return;
    }
    List<String> whole = Cuts.texts(Cuts.all(given.source(), given.format(), Cuts.rows(1)));
    try (Cutter cutter = Cuts.open(given.source(), given.format(), Cuts.rows(1))) {
      List<Batch> batches = Cuts.rest(cutter, false);
      assertThat(batches).extracting(Batch::tail).doesNotContain(Tail.UNTERMINATED, Tail.TRUNCATED);
      boolean held = cutter.leftover() > 0;
      List<Batch> rest = Cuts.rest(cutter, true);
      assertThat(rest.isEmpty()).isEqualTo(!held && batches.size() == whole.size());
      batches.addAll(rest);
      assertThat(Cuts.texts(batches)).isEqualTo(whole);
      assertAdjoining(batches);
    }
  }

  private static void assertSame(Batch batch, Batch again) {
    assertThat(again.position()).isEqualTo(batch.position());
    assertThat(again.digest()).isEqualTo(batch.digest());
    assertThat(again.tail()).isEqualTo(batch.tail());
    assertThat(again.payload().toByteArray()).isEqualTo(batch.payload().toByteArray());
  }

  private static void assertWithin(CutLimits limits, Batch batch) {
    long records = batch.position().records();
    assertThat(records).isBetween(1L, limits.rows());
    assertThat(records == 1 || batch.payload().size() <= limits.bytes()).isTrue();
  }

  private static void assertTiled(List<Batch> batches, long size) {
    assertAdjoining(batches);
    if (!batches.isEmpty()) {
      assertThat(batches.get(batches.size() - 1).position().to()).isEqualTo(size);
    }
  }

  private static void assertAdjoining(List<Batch> batches) {
    for (int i = 1; i < batches.size(); i++) {
      assertThat(batches.get(i).position().from()).isEqualTo(batches.get(i - 1).position().to());
    }
  }

  private static void assertTails(List<Batch> batches, NaiveRecords expected) {
    for (int i = 0; i < batches.size(); i++) {
      boolean open = expected.lastIsOpen && i == batches.size() - 1;
      Tail tail = batches.get(i).tail();
      assertThat(tail == Tail.COMPLETE).isEqualTo(!open);
      assertThat(tail == Tail.TRUNCATED).isEqualTo(open && expected.lastIsQuoted);
      assertThat(tail != Tail.TRUNCATED || batches.get(i).position().records() == 1).isTrue();
    }
  }

  @Provide
  Arbitrary<Given> given() {
    Arbitrary<Format> formats = Arbitraries.of(Format.class);
    return formats.flatMap(
        format ->
            Combinators.combine(
                    texts(format),
                    Arbitraries.of(true, false),
                    Arbitraries.of(Packing.class),
                    limits())
                .as((text, bom, packing, limits) -> new Given(text, bom, packing, format, limits)));
  }

  @Provide
  Arbitrary<CutLimits> limits() {
    Arbitrary<Long> rows = Arbitraries.longs().between(1, 8);
    Arbitrary<Long> bytes = Arbitraries.longs().between(1, 80);
    return Combinators.combine(rows, bytes).as((r, b) -> new CutLimits(r, b, 1 << 20));
  }

  private static Arbitrary<String> texts(Format format) {
    List<String> pieces =
        switch (format) {
          case CSV, CSV_WITH_NAMES ->
              List.of(
                  ",",
                  ",",
                  "\"",
                  "\"",
                  "\"\"",
                  "\n",
                  "\n",
                  "\r\n",
                  "\r",
                  " ",
                  "\t",
                  "'",
                  "a",
                  "é😀",
                  "12",
                  ",\"x\ny\"",
                  "a long plain field");
          case TSV, TSV_WITH_NAMES ->
              List.of(
                  "\t",
                  "\t",
                  "\n",
                  "\n",
                  "\r\n",
                  "\r",
                  "\\",
                  "\\n",
                  "\\\\",
                  "\"",
                  "a",
                  "é😀",
                  "a long plain field");
          case JSON_EACH_ROW ->
              List.of(
                  "{}\n",
                  "{\"a\":1}\n",
                  "{\"a\":\"}\\\"{\"}\r\n",
                  "{\"é😀\":[{},[]]}\n",
                  "\n",
                  "\r\n",
                  " \t\n",
                  " ",
                  "{\"a\":\"a long plain field\"}\n");
        };
    Arbitrary<String> body =
        Arbitraries.of(pieces).list().ofMaxSize(40).map(l -> String.join("", l));
    return format == Format.JSON_EACH_ROW
        ? Combinators.combine(body, Arbitraries.of("", "{\"z\":0}"))
            .as((lines, last) -> lines + last)
        : body;
  }
}
