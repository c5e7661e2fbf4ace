package io.waybill.clickhouse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings that make ClickHouse form exactly one block, and one part for each partition, of one
 * request, and take its deduplication token at its word. Each was tried on ClickHouse 26.7; why
 * each is needed is in docs/guarantee.md.
 */
public final class BlockSettings {
  private static final String HUGE = "10000000";
  private static final Map<String, String> ALL = all();

  private BlockSettings() {}

  /** What to do with a field of a record that the table has no column for. */
  public enum UnknownFields {
    /** Schema drift: hold the flow. */
    HOLD,
    /** Leave the field out, silently. */
    SKIP
  }

  /**
   * The settings that this server knows, by name. They become part of the plan: a resend with other
   * ones loses or doubles rows.
   */
  public static SortedMap<String, String> forServer(
      ServerFacts facts, UnknownFields unknownFields) {
    SortedMap<String, String> settings = new TreeMap<>(ALL);
    settings.put(
        "input_format_skip_unknown_fields",
        switch (unknownFields) {
          case HOLD -> "0";
          case SKIP -> "1";
        });
    settings.keySet().removeIf(name -> !facts.knows(name));
    return settings;
  }

  private static Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    oneBlock(all);
    oneInsert(all);
    // a first record equal to the column names would be dropped in every batch
    all.put("input_format_csv_detect_header", "0");
    all.put("input_format_tsv_detect_header", "0");
    all.put("input_format_allow_errors_num", "0");
    all.put("input_format_allow_errors_ratio", "0");
    all.put("date_time_input_format", "best_effort");
    // with 1 a failure comes as HTTP 200 with an exception header
    all.put("send_progress_in_http_headers", "0");
    all.put("max_execution_time", "0");
    return all;
  }

  private static void oneBlock(Map<String, String> all) {
    all.put("input_format_parallel_parsing", "0");
    all.put("max_insert_block_size", HUGE);
    all.put("min_insert_block_size_rows", HUGE);
    all.put("min_insert_block_size_bytes", "0");
    all.put("input_format_max_block_size_bytes", "0"); // from 25.5
    all.put("max_insert_block_size_bytes", "0"); // from 26.1
    all.put("input_format_connection_handling", "0"); // from 26.2
    all.put("input_format_max_block_wait_ms", "0"); // from 26.2
    all.put("use_strict_insert_block_limits", "0"); // from 26.4
  }

  private static void oneInsert(Map<String, String> all) {
    all.put("async_insert", "0");
    all.put("wait_for_async_insert", "1");
    all.put("insert_deduplicate", "1");
    all.put("deduplicate_insert", "enable"); // from 26.2
    all.put("deduplicate_blocks_in_dependent_materialized_views", "1");
    all.put("materialized_views_ignore_errors", "0");
  }
}
