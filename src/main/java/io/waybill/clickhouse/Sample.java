package io.waybill.clickhouse;

import io.waybill.batch.Format;
import io.waybill.delivery.TableName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Records as a literal in SQL, read by ClickHouse's own parser of their format. */
final class Sample {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "max_query_size", "1073741824",
          "date_time_input_format", "best_effort",
          // the literal holds records, which have no place in system.query_log
          "log_queries", "0");

  private Sample() {}

  /** {@code format(..)} with the columns that ClickHouse infers. */
  static String inferred(Format format, byte[] records) {
    return "format(%s, %s)".formatted(format.clickHouseName(), literal(records));
  }

  /** {@code format(..)} with these columns, each read as text, or NULL where there is none. */
  static String asText(Format format, List<String> columns, byte[] records) {
    String structure =
        columns.stream()
            .map(column -> TableName.quote(column) + " Nullable(String)")
            .collect(Collectors.joining(", "));
    return "format(%s, %s, %s)"
        .formatted(format.clickHouseName(), SqlText.literal(structure), literal(records));
  }

  /** A query over a sample, its answer in TSV. */
  static QueryRequest query(String sql, Map<String, String> further) {
    Map<String, String> settings = new TreeMap<>(SETTINGS);
    settings.putAll(further);
    return new QueryRequest(sql, "TSV", settings, "", "", "");
  }

  // bytes that are no UTF-8 are replaced: that moves no record and turns no text into a number
  private static String literal(byte[] records) {
    return SqlText.literal(new String(records, StandardCharsets.UTF_8));
  }
}
