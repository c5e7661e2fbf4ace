package io.waybill.clickhouse;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings that make one request one block, strict and deduplicated. They are part of a batch's
 * plan: the token is applied to the block, so that a resend with others loses or doubles rows.
 */
public final class BlockSettings {
  /** Rows that one block may have: no batch may have more. */
  public static final long MOST_ROWS = 10_000_000;

  private static final Map<String, String> WANTED =
      Map.ofEntries(
          Map.entry("async_insert", "0"),
          Map.entry("wait_for_async_insert", "1"),
          Map.entry("insert_deduplicate", "1"),
          Map.entry("deduplicate_insert", "enable"),
          Map.entry("input_format_parallel_parsing", "0"),
          Map.entry("max_insert_block_size", Long.toString(MOST_ROWS)),
          Map.entry("min_insert_block_size_rows", Long.toString(MOST_ROWS)),
          Map.entry("min_insert_block_size_bytes", "0"),
          Map.entry("max_insert_block_size_bytes", "0"),
          Map.entry("input_format_max_block_size_bytes", "0"),
          Map.entry("input_format_connection_handling", "0"),
          Map.entry("input_format_max_block_wait_ms", "0"),
          Map.entry("use_strict_insert_block_limits", "0"),
          Map.entry("deduplicate_blocks_in_dependent_materialized_views", "1"),
          Map.entry("materialized_views_ignore_errors", "0"),
          Map.entry("input_format_allow_errors_num", "0"),
          Map.entry("input_format_allow_errors_ratio", "0"),
          Map.entry("send_progress_in_http_headers", "0"),
          Map.entry("max_execution_time", "0"),
          Map.entry("input_format_csv_detect_header", "0"),
          Map.entry("input_format_tsv_detect_header", "0"),
          Map.entry("date_time_input_format", "best_effort"));
  private static final String SKIP_UNKNOWN = "input_format_skip_unknown_fields";

  /** These would move record boundaries away from where the batch was cut. */
  private static final Set<String> BOUNDARIES =
      Set.of(
          "format_csv_delimiter",
          "format_csv_allow_single_quotes",
          "format_csv_allow_double_quotes",
          "input_format_csv_trim_whitespaces",
          "input_format_csv_skip_first_lines",
          "input_format_tsv_skip_first_lines",
          "insert_deduplication_token",
          "log_comment",
          "query_id",
          "dialect");

  private BlockSettings() {}

  /**
   * The settings for a batch.
   *
   * @param known names that the server knows; others are left out, since they are error 115
   * @param skipUnknownFields whether fields that the table has not are dropped
   * @param further the flow's own settings
   */
  public static SortedMap<String, String> of(
      Set<String> known, boolean skipUnknownFields, Map<String, String> further) {
    SortedMap<String, String> settings = new TreeMap<>(further);
    WANTED.forEach(
        (name, value) -> {
          if (known.contains(name)) {
            settings.put(name, value);
          }
        });
    settings.put(SKIP_UNKNOWN, skipUnknownFields ? "1" : "0");
    return settings;
  }

  /**
   * Refuses a flow's own settings that would break a batch.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public static void requireAllowed(Map<String, String> further) {
    for (String name : further.keySet()) {
      if (WANTED.containsKey(name) || BOUNDARIES.contains(name) || SKIP_UNKNOWN.equals(name)) {
        throw new IllegalArgumentException(
            "settings." + name + " is Waybill's own: changing it would lose or double rows");
      }
    }
  }
}
