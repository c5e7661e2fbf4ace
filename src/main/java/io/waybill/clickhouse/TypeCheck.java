package io.waybill.clickhouse;

import io.waybill.batch.Format;
import io.waybill.clickhouse.Tables.Column;
import io.waybill.delivery.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Finds the values of a source that a table would change silently, part by part. ClickHouse itself
 * reads the records, each value as text, and compares it with the ranges of the table's types;
 * nothing is written, and nothing gets into the query log. Dates and times are looked at where they
 * are written as ISO 8601. The user needs the right {@code CREATE TEMPORARY TABLE}, as for all
 * table functions. Thread-safe.
 */
public final class TypeCheck {
  private static final Map<String, String> SETTINGS =
      Map.of(
          // so that rows keep their numbers
          "max_threads", "1",
          "input_format_parallel_parsing", "0",
          "input_format_skip_unknown_fields", "1",
          "input_format_csv_detect_header", "0",
          "input_format_tsv_detect_header", "0",
          "input_format_json_read_numbers_as_strings", "1",
          "input_format_json_read_bools_as_strings", "1",
          "input_format_json_read_arrays_as_strings", "1",
          "input_format_json_read_objects_as_strings", "1");

  private final ClickHouseClient client;
  private final Tables tables;

  public TypeCheck(ClickHouseClient client) {
    this.client = client;
    this.tables = new Tables(client);
  }

  private record Rule(Column column, SilentChange change, String condition) {}

  /**
   * Looks at one part of a source.
   *
   * @param table the table that it is meant for
   * @param format format of the records
   * @param records whole records, header line included; some megabytes at most, since they go along
   *     as SQL text
   * @param firstRecord number of the first of them in the source, from 1
   * @return nothing if each value stays what it is
   * @throws QueryFailedException if ClickHouse cannot read them or the user may not use {@code
   *     format()}
   */
  public List<TypeFinding> check(TableName table, Format format, byte[] records, long firstRecord) {
    List<Column> columns = tables.columns(table).stream().filter(Column::isInsertable).toList();
    List<Rule> rules = rules(columns);
    if (rules.isEmpty()) {
      return List.of();
    }
    String answer = client.query(Sample.query(sql(format, columns, rules, records), SETTINGS));
    String[] fields = answer.stripTrailing().split("\t", -1);
    List<TypeFinding> findings = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      long count = Long.parseLong(fields[2 * i]);
      if (count > 0) {
        Rule rule = rules.get(i);
        findings.add(
            new TypeFinding(
                rule.column().name(),
                rule.column().type(),
                rule.change(),
                count,
                numbers(fields[2 * i + 1], firstRecord)));
      }
    }
    return findings;
  }

  private static List<Rule> rules(List<Column> columns) {
    List<Rule> rules = new ArrayList<>();
    for (Column column : columns) {
      SilentChange.conditions(
              TableName.quote(column.name()), column.type(), !column.defaultExpression().isEmpty())
          .forEach((change, condition) -> rules.add(new Rule(column, change, condition)));
    }
    return rules;
  }

  private static String sql(Format format, List<Column> columns, List<Rule> rules, byte[] records) {
    List<String> counts = new ArrayList<>();
    for (Rule rule : rules) {
      String condition = "ifNull(" + rule.condition() + ", 0)";
      counts.add("countIf(" + condition + ")");
      counts.add("groupArrayIf(%d)(_waybill_row, %s)".formatted(TypeFinding.FIRST, condition));
    }
    List<String> names = columns.stream().map(Column::name).toList();
    return "SELECT "
        + String.join(", ", counts)
        + " FROM (SELECT rowNumberInAllBlocks() AS _waybill_row, * FROM "
        + Sample.asText(format, names, records)
        + ")";
  }

  private static List<Long> numbers(String array, long firstRecord) {
    String inner = array.substring(1, array.length() - 1);
    return Arrays.stream(inner.split(",", -1))
        .map(number -> Long.parseLong(number) + firstRecord)
        .toList();
  }
}
