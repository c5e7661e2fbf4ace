package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The settings that make one block, for servers old and new. */
class BlockSettingsTest {
  /** Known since 24.8 at the latest. */
  private static final Set<String> OLD =
      Set.of(
          "async_insert",
          "wait_for_async_insert",
          "insert_deduplicate",
          "input_format_parallel_parsing",
          "max_insert_block_size",
          "min_insert_block_size_rows",
          "min_insert_block_size_bytes",
          "deduplicate_blocks_in_dependent_materialized_views",
          "materialized_views_ignore_errors",
          "input_format_allow_errors_num",
          "input_format_allow_errors_ratio",
          "send_progress_in_http_headers",
          "max_execution_time",
          "input_format_csv_detect_header",
          "input_format_tsv_detect_header",
          "date_time_input_format",
          "input_format_skip_unknown_fields");

  @Test
  void anOldServerGetsOnlyWhatItKnows() {
    assertThat(BlockSettings.of(OLD, false, Map.of()))
        .containsOnlyKeys(OLD)
        .containsEntry("async_insert", "0")
        .containsEntry("max_insert_block_size", "10000000")
        .containsEntry("input_format_skip_unknown_fields", "0");
  }

  @Test
  void eachLaterVersionGetsItsOwnToo() {
    Set<String> known = new TreeSet<>(OLD);
    for (String later :
        List.of(
            "input_format_max_block_size_bytes",
            "max_insert_block_size_bytes",
            "deduplicate_insert",
            "input_format_connection_handling",
            "input_format_max_block_wait_ms",
            "use_strict_insert_block_limits")) {
      known.add(later);
      assertThat(BlockSettings.of(known, false, Map.of())).containsOnlyKeys(known);
    }
    assertThat(BlockSettings.of(known, false, Map.of()))
        .containsEntry("deduplicate_insert", "enable")
        .containsEntry("use_strict_insert_block_limits", "0");
  }

  @Test
  void whoSkipsUnknownFieldsSaysSo() {
    assertThat(BlockSettings.of(OLD, true, Map.of()))
        .containsEntry("input_format_skip_unknown_fields", "1");
  }

  @Test
  void aFlowsOwnSettingsGoAlongButNeverInPlaceOfThese() {
    assertThat(BlockSettings.of(OLD, false, Map.of("max_threads", "2", "async_insert", "1")))
        .containsEntry("max_threads", "2")
        .containsEntry("async_insert", "0");
    assertThatThrownBy(() -> BlockSettings.requireAllowed(Map.of("async_insert", "1")))
        .hasMessageContaining("settings.async_insert");
  }
}
