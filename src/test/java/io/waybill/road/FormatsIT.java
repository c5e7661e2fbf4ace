package io.waybill.road;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.waybill.testing.TestClickHouse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every format in every shape that files come in, in one run of one application with small batches.
 * What was written is known here, so that ClickHouse is compared with that and not with a parser.
 */
final class FormatsIT {
  private static final String COLUMNS = "id UInt64, text String, amount Int32";
  private static final String READ = "id, hex(text), amount";
  private static final int RECORDS = 1_000;
  private static final List<String> TEXTS =
      List.of(
          "plain",
          "with, comma",
          "say \"hi\"",
          "\"",
          "\"\"",
          "line\nbreak",
          "\n",
          "carriage\r\nreturn",
          "tab\there",
          "ünïcode € 𝄞",
          "",
          "it's 'single'",
          "back\\slash \\n",
          " blanks around ",
          "ends with quote\"",
          "id,text,amount",
          "{\"id\": 1}\n{\"id\": 2}",
          "\\N");

  @TempDir static Path folder;
  private static RoadHome home;
  private static RoadHome.Ended ended;

  /** A record as it is meant. */
  record Line(long id, String text, int amount) {
    String expected() {
      return id
          + "\t"
          + HexFormat.of().withUpperCase().formatHex(text.getBytes(UTF_8))
          + "\t"
          + amount;
    }

    String csv() {
      return "%d,\"%s\",%d".formatted(id, text.replace("\"", "\"\""), amount);
    }

    String tsv() {
      String escaped =
          text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
      return id + "\t" + escaped + "\t" + amount;
    }

    String json() {
      String escaped =
          text.replace("\\", "\\\\")
              .replace("\"", "\\\"")
              .replace("\t", "\\t")
              .replace("\n", "\\n")
              .replace("\r", "\\r");
      return "{\"id\":%d,\"text\":\"%s\",\"amount\":%d}".formatted(id, escaped, amount);
    }
  }

  /** A file in one shape, and what it holds. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Shape(String flow, String file, String options, byte[] content, List<Line> lines) {
    @Override
    public String toString() {
      return flow;
    }
  }

  private static final List<Line> LINES =
      IntStream.range(0, RECORDS)
          .mapToObj(i -> new Line(i, TEXTS.get(i % TEXTS.size()) + (i % 7 == 0 ? i : ""), -i))
          .toList();

  private static final String CSV = text(Stream.concat(Stream.of("id,text,amount"), csv()), "\n");
  private static final String TSV =
      text(Stream.concat(Stream.of("id\ttext\tamount"), LINES.stream().map(Line::tsv)), "\n");
  private static final String JSON = text(LINES.stream().map(Line::json), "\n");

  private static Stream<String> csv() {
    return LINES.stream().map(Line::csv);
  }

  private static String text(Stream<String> lines, String end) {
    return lines
        .map(line -> line + end)
        .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
        .toString();
  }

  static List<Shape> shapes() {
    List<Line> huge =
        List.of(
            new Line(1, "before", 1),
            new Line(2, "x\"\n".repeat(1_500_000), 2),
            new Line(3, "behind", 3));
    return List.of(
        shape("csv", "a.txt", "format=CSV", text(csv(), "\n")),
        shape("csv_names", "a.csv", "", CSV),
        shape("csv_names_said", "a.dat", "format=CSVWithNames", CSV),
        shape("tsv", "a.txt", "format=TSV", text(LINES.stream().map(Line::tsv), "\n")),
        shape("tsv_names", "a.tsv", "", TSV),
        shape("json", "a.ndjson", "", JSON),
        shape("jsonl", "a.jsonl", "", JSON),
        shape(
            "csv_crlf",
            "a.csv",
            "",
            text(Stream.concat(Stream.of("id,text,amount"), csv()), "\r\n")),
        shape("json_crlf", "a.ndjson", "", text(LINES.stream().map(Line::json), "\r\n")),
        shape("csv_no_last_end", "a.csv", "", CSV.substring(0, CSV.length() - 1)),
        shape("tsv_no_last_end", "a.tsv", "", TSV.substring(0, TSV.length() - 1)),
        shape("json_no_last_end", "a.ndjson", "", JSON.substring(0, JSON.length() - 1)),
        shape("csv_bom", "a.csv", "", "\uFEFF" + CSV),
        shape("csv_bom_nameless", "a.txt", "format=CSV", "\uFEFF" + text(csv(), "\n")),
        shape("json_bom", "a.ndjson", "", "\uFEFF" + JSON),
        shape("tsv_bom", "a.tsv", "", "\uFEFF" + TSV),
        shape("csv_gz", "a.csv.gz", "", gzip(CSV.getBytes(UTF_8))),
        shape("tsv_gz", "a.tsv.gz", "", gzip(TSV.getBytes(UTF_8))),
        shape("json_gz", "a.ndjson.gz", "", gzip(JSON.getBytes(UTF_8))),
        shape("csv_zst", "a.csv.zst", "", Zstd.compress(CSV.getBytes(UTF_8))),
        shape("tsv_zst", "a.tsv.zst", "", Zstd.compress(TSV.getBytes(UTF_8))),
        shape("json_zst", "a.ndjson.zst", "", Zstd.compress(JSON.getBytes(UTF_8))),
        shape("csv_gz_members", "a.csv.gz", "", inTwo(CSV, FormatsIT::gzip)),
        shape("json_zst_frames", "a.ndjson.zst", "", inTwo(JSON, Zstd::compress)),
        shape(
            "csv_blank_lines",
            "a.csv",
            "",
            CSV.replace("\"\"\"\",-3\n", "\"\"\"\",-3\n\n\r\n\n") + "\n\n"),
        shape("json_blank_lines", "a.ndjson", "", "\n" + JSON.replace("\n", "\n\n")),
        shape("tsv_blank_lines", "a.tsv", "", TSV.replace("\n", "\n\n")),
        shape("tiny_bytes", "a.csv", "batchBytes=400", CSV),
        shape("ordered", "a.csv", "ordered=true", CSV),
        new Shape("empty", "a.csv", "", new byte[0], List.of()),
        new Shape("empty_json", "a.ndjson", "", new byte[0], List.of()),
        new Shape("empty_gz", "a.csv.gz", "", gzip(new byte[0]), List.of()),
        new Shape("header_only", "a.csv", "", "id,text,amount\n".getBytes(UTF_8), List.of()),
        new Shape("header_no_end", "a.csv", "", "id,text,amount".getBytes(UTF_8), List.of()),
        new Shape("blank_only", "a.ndjson", "", "\n\n\r\n".getBytes(UTF_8), List.of()),
        new Shape(
            "long_csv",
            "a.csv",
            "batchBytes=1MB",
            ("id,text,amount\n" + text(huge.stream().map(Line::csv), "\n")).getBytes(UTF_8),
            huge),
        new Shape(
            "long_json",
            "a.ndjson",
            "batchBytes=1MB",
            text(huge.stream().map(Line::json), "\n").getBytes(UTF_8),
            huge));
  }

  private static Shape shape(String flow, String file, String options, String content) {
    return shape(flow, file, options, content.getBytes(UTF_8));
  }

  private static Shape shape(String flow, String file, String options, byte[] content) {
    return new Shape(flow, file, options, content, LINES);
  }

  private static byte[] inTwo(String text, java.util.function.UnaryOperator<byte[]> pack) {
    byte[] bytes = text.getBytes(UTF_8);
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(pack.apply(java.util.Arrays.copyOf(bytes, bytes.length / 3)));
    both.writeBytes(
        pack.apply(java.util.Arrays.copyOfRange(bytes, bytes.length / 3, bytes.length)));
    return both.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  @BeforeAll
  static void loadAllOfThem() {
    home = RoadHome.in(folder);
    for (Shape shape : shapes()) {
      String rows = shape.options.contains("batchBytes") ? "" : "batchRows=97";
      String and = rows.isEmpty() || shape.options.isEmpty() ? "" : "&";
      home.table(shape.flow, COLUMNS).flow(shape.flow, shape.options + and + rows);
      home.write("in/" + shape.flow + "/" + shape.file, shape.content);
    }
    home.flow("made", "createTable=true&orderBy=id");
    home.drop("made", "a.csv", CSV);
    ended = home.once();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theTableHoldsWhatTheFileHolds(Shape shape) {
    assertThat(home.states(shape.flow)).containsExactly("completed");
    assertThat(home.rows(shape.flow, READ))
        .containsExactlyElementsOf(
            shape.lines.stream().map(Line::expected).sorted(bySize()).toList());
  }

  private static java.util.Comparator<String> bySize() {
    return java.util.Comparator.comparingLong(line -> Long.parseLong(line.split("\t", -1)[0]));
  }

  @Test
  void nothingIsHeldAndAllFilesStay() {
    assertThat(ended.holds()).isEmpty();
    assertThat(ended.problems()).isEmpty();
    for (Shape shape : shapes()) {
      assertThat(home.files("in/" + shape.flow)).containsExactly(shape.file);
    }
  }

  @Test
  void smallBatchesAreManyBatches() {
    assertThat(home.runs("csv_names").get(0).batches()).isEqualTo((RECORDS + 96) / 97);
    assertThat(home.runs("long_csv").get(0).batches()).isEqualTo(3);
    assertThat(home.runs("empty").get(0).batches()).isZero();
  }

  @Test
  void aTableThatWaybillMakesKeepsThePromise() {
    assertThat(home.rows("made", "toUInt64(id), hex(text), amount"))
        .containsExactlyElementsOf(LINES.stream().map(Line::expected).toList());
    assertThat(TestClickHouse.query("SHOW CREATE TABLE %s.made".formatted(home.database())))
        .contains("ORDER BY (id)")
        .contains("`_waybill_batch` LowCardinality(String)")
        .contains("getSetting(\\'insert_deduplication_token\\')")
        .contains("non_replicated_deduplication_window = 10000")
        .contains("fsync_after_insert = 1")
        .contains("fsync_part_directory = 1");
  }

  @Test
  void everyBatchHasItsPapersOnce() {
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void everyRowSaysWhichBatchItCameWith() {
    String tokens =
        TestClickHouse.query(
            "SELECT groupUniqArray(_waybill_batch) FROM %s.csv_names".formatted(home.database()));
    home.ledger(reader -> reader.batches(home.runs("csv_names").get(0).id()))
        .forEach(batch -> assertThat(tokens).contains("'" + batch.token() + "'"));
  }
}
