package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.audit.AuditTime;
import io.waybill.audit.ChainPoint;
import io.waybill.audit.SealedEvent;
import io.waybill.batch.Format;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AuditTableTest {

  @Test
  void theTableHasTheFieldsOfAnEventInTheirOrder() throws IOException {
    Unit unit =
        new Unit(1, "trips", "a.csv", 0, Samples.TABLE, Format.CSV_WITH_NAMES, Samples.STAMP);
    Run run = new Run("r1", "trips", 1, RunState.RUNNING, "", "", Samples.NOON);
    String line =
        SealedEvent.seal(
                BatchPapers.of(Samples.committed(Samples.plan(run, unit, 1))),
                new ChainPoint("6ba7b810-9dad-11d1-80b4-00c04fd430c8", 1, 0, ""),
                "carrier.example",
                "0.1.0")
            .line();
    List<String> fields = new ArrayList<>();
    new ObjectMapper().readTree(line).fieldNames().forEachRemaining(fields::add);

    assertThat(AuditTable.columns()).containsSubsequence(fields);
  }

  @Test
  void theStatementDefinesEachColumnAndTheBatchThatItCameWith() {
    List<String> defined =
        Pattern.compile("^  `(\\w+)` ", Pattern.MULTILINE)
            .matcher(AuditTable.createTable())
            .results()
            .map(match -> match.group(1))
            .toList();
    List<String> expected = new ArrayList<>(AuditTable.columns());
    expected.add("_waybill_batch");

    assertThat(defined).isEqualTo(expected);
  }

  @Test
  void theTableDeduplicatesAndSyncs() {
    assertThat(AuditTable.createTable())
        .startsWith("CREATE TABLE IF NOT EXISTS `waybill`.`audit` (")
        .contains("`time` DateTime64(6, 'UTC')")
        .contains("non_replicated_deduplication_window = 10000")
        .contains("fsync_after_insert = 1")
        .contains("fsync_part_directory = 1");
  }

  @Test
  void timesAreCutToTheMicrosecond() {
    assertThat(AuditTime.text(Instant.parse("2026-11-23T06:00:00.123456789Z")))
        .isEqualTo("2026-11-23T06:00:00.123456Z");
    assertThat(AuditTime.text(Instant.parse("2026-11-23T06:00:00Z")))
        .isEqualTo("2026-11-23T06:00:00.000000Z");
  }
}
