package io.waybill.clickhouse;

import io.waybill.batch.Batch;
import io.waybill.batch.BatchSource;
import io.waybill.batch.CutLimits;
import io.waybill.batch.Cutter;
import io.waybill.batch.Format;
import io.waybill.batch.SegmentPool;
import io.waybill.clickhouse.Tables.Column;
import io.waybill.clickhouse.ValueTest.What;
import io.waybill.delivery.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds values of a file that ClickHouse would take into a table's columns as others than they are,
 * without a word: numbers and dates out of range, digits that do not fit. ClickHouse reads the file
 * itself, all columns as text, batch by batch; nothing is inserted, and no value comes back.
 */
public final class TypeCheck {
  /** Most records that are looked at in one query. */
  public static final long ROWS = 50_000;

  /** Most bytes that are looked at in one query, whose text they are part of. */
  public static final long BYTES = 8L << 20;

  private static final int EXAMPLES = 3;
  private static final Map<String, String> SETTINGS =
      Map.of(
          // the batch is a literal in the query
          "max_query_size", "268435456",
          // record numbers are counted in reading
          "max_threads", "1",
          "input_format_parallel_parsing", "0",
          "input_format_skip_unknown_fields", "1",
          "input_format_csv_detect_header", "0",
          "input_format_tsv_detect_header", "0",
          "input_format_csv_use_default_on_bad_values", "0",
          "log_queries", "0");
  private final ClickHouseClient client;
  private final Tables tables;

  public TypeCheck(ClickHouseClient client) {
    this.client = client;
    this.tables = new Tables(client);
  }

  /**
   * Values of one column that would not arrive as they are.
   *
   * @param column name
   * @param type ClickHouse type
   * @param what what would become of them
   * @param count how many
   * @param firstRecords numbers of the first of their records in the file, from 1
   */
  public record Values(
      String column, String type, What what, long count, List<Long> firstRecords) {}

  /**
   * What was found in a file.
   *
   * @param records records that were looked at
   * @param values what would not arrive as it is; empty is good
   * @param notCompared columns whose types are not compared, with the type
   * @param unread why some records could not be looked at
   */
  public record Report(
      long records, List<Values> values, List<String> notCompared, List<String> unread) {}

  /**
   * Looks at a whole file.
   *
   * @throws IOException if it cannot be read, or is not what its format says
   * @throws QueryFailedException if the table cannot be seen
   */
  public Report look(TableName table, Format format, BatchSource source, CutLimits limits)
      throws IOException {
    List<Column> columns = tables.columns(table).stream().filter(Column::isInsertable).toList();
    if (columns.isEmpty()) {
      throw new QueryFailedException(60, "UNKNOWN_TABLE", "there is no table " + table, null);
    }
    Findings findings = new Findings(columns);
    try (Cutter cutter = Cutter.open(source, format, limits, new SegmentPool())) {
      for (Batch batch = cutter.next(true); batch != null; batch = cutter.next(true)) {
        try {
          look(findings, format, batch);
        } finally {
          batch.payload().release();
        }
      }
    }
    return findings.report();
  }

  private void look(Findings findings, Format format, Batch batch) {
    findings.records += batch.position().records();
    if (findings.tests.isEmpty()) {
      return;
    }
    String sql = sql(findings, format, batch.payload().toByteArray());
    try {
      String answer =
          client
              .query(new QueryRequest(sql, "TSV", SETTINGS, "", "", ""))
              .lines()
              .findFirst()
              .get();
      findings.add(answer.split("\t", -1), batch.position().firstRecord());
    } catch (QueryFailedException e) {
      if (e.code() == 0) {
        throw e;
      }
      // the message may quote the batch, which is part of the statement
      findings.unread.add("%s (code %d, %s)".formatted(batch.position(), e.code(), e.name()));
    }
  }

  private static String sql(Findings findings, Format format, byte[] payload) {
    String structure =
        findings.columns.stream()
            .map(column -> TableName.quote(column.name()) + " Nullable(String)")
            .collect(Collectors.joining(", "));
    List<String> counted = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < findings.tests.size(); i++) {
      ColumnTest each = findings.tests.get(i);
      String condition = each.test().condition("_waybill_text_" + i);
      counted.add("countIf(" + condition + ")");
      counted.add(
          "arrayStringConcat(groupArrayIf(%d)(_waybill_record, %s), ',')"
              .formatted(EXAMPLES, condition));
      texts.add(
          "trim(BOTH ' ' FROM ifNull(%s, '')) AS _waybill_text_%d"
              .formatted(TableName.quote(each.column().name()), i));
    }
    return "SELECT %s FROM (SELECT %s, rowNumberInAllBlocks() AS _waybill_record FROM format(%s, %s, %s))"
        .formatted(
            String.join(", ", counted),
            String.join(", ", texts),
            format.clickHouseName(),
            SqlText.literal(structure),
            SqlText.literal(new String(payload, StandardCharsets.UTF_8)));
  }

  private record ColumnTest(Column column, ValueTest test) {}

  /** What gathers over the batches of a file. */
  private static final class Findings {
    private final List<Column> columns;
    private final List<ColumnTest> tests = new ArrayList<>();
    private final List<String> notCompared = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();
    private final Map<ColumnTest, Values> values = new LinkedHashMap<>();
    private long records;

    Findings(List<Column> columns) {
      this.columns = columns;
      for (Column column : columns) {
        List<ValueTest> mine = ValueTest.of(column.type());
        mine.forEach(test -> tests.add(new ColumnTest(column, test)));
        if (mine.isEmpty() && !ValueTest.isFaithful(column.type())) {
          notCompared.add(column.name() + " " + column.type());
        }
      }
    }

    void add(String[] answer, long firstRecord) {
      for (int i = 0; i < tests.size(); i++) {
        long count = Long.parseLong(answer[2 * i]);
        if (count > 0) {
          add(tests.get(i), count, records(answer[2 * i + 1], firstRecord));
        }
      }
    }

    private static List<Long> records(String numbers, long firstRecord) {
      return Arrays.stream(numbers.split(",", -1))
          .map(number -> firstRecord + Long.parseLong(number))
          .toList();
    }

    private void add(ColumnTest test, long count, List<Long> records) {
      Values now =
          new Values(
              test.column().name(), test.column().type(), test.test().what(), count, records);
      values.merge(
          test,
          now,
          (before, more) ->
              new Values(
                  before.column(),
                  before.type(),
                  before.what(),
                  before.count() + more.count(),
                  before.firstRecords().size() < EXAMPLES
                      ? java.util.stream.Stream.concat(
                              before.firstRecords().stream(), more.firstRecords().stream())
                          .limit(EXAMPLES)
                          .toList()
                      : before.firstRecords()));
    }

    Report report() {
      return new Report(
          records, List.copyOf(values.values()), List.copyOf(notCompared), List.copyOf(unread));
    }
  }
}
