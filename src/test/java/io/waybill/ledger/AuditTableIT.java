package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.AuditOutbox.FrozenAudit;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Run;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Unit;
import io.waybill.testing.ClickHouseHttp;
import io.waybill.testing.TestClickHouse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real ClickHouse takes the table, and the events as the outbox freezes them. */
class AuditTableIT {
  @TempDir Path home;

  @BeforeEach
  void make() {
    drop();
    query(AuditTable.createDatabase());
    query(AuditTable.createTable());
  }

  @AfterEach
  void drop() {
    query("DROP TABLE IF EXISTS " + AuditTable.NAME.quoted() + " SYNC");
  }

  private static String query(String sql) {
    return ClickHouseHttp.query(
        TestClickHouse.url(), TestClickHouse.user(), TestClickHouse.password(), sql);
  }

  private static void send(FrozenAudit audit) {
    String columns =
        audit.plan().shape().columns().stream()
            .map(TableName::quote)
            .collect(Collectors.joining(", "));
    query(
        """
        INSERT INTO %s (%s) SETTINGS insert_deduplication_token = '%s', async_insert = 0,
          input_format_skip_unknown_fields = 0, date_time_input_format = 'best_effort'
        FORMAT JSONEachRow
        %s"""
            .formatted(
                AuditTable.NAME.quoted(),
                columns,
                audit.plan().token(),
                new String(audit.body().toByteArray(), StandardCharsets.UTF_8)));
  }

  @Test
  void aTableThatAnOlderWaybillMadeTakesEventsWithHashes() {
    drop();
    String before =
        AuditTable.createTable()
            .lines()
            .filter(
                line ->
                    !line.matches(
                        "  `(identity_source|role|action|rule|environment|trigger"
                            + "|lease|accessor|detail|until|signature|public_key|previous|hash)` .*"))
            .collect(Collectors.joining("\n"));
    query(before);
    query(
        "INSERT INTO waybill.audit (ledger, epoch, seq, kind) VALUES (generateUUIDv4(), 1, 1, 'batch')");

    query(AuditTable.upgradeTable());
    try (JdbcLedger ledger = JdbcLedger.open(home.resolve("ledger.db"), Samples.ORIGIN)) {
      Samples.run(ledger, "r1", Samples.unit(ledger, "a.csv"));
      send(ledger.freeze(Samples.auditShape(), 10, Samples.NOON).orElseThrow());
    }
    assertThat(query("SELECT kind, length(hash) FROM waybill.audit ORDER BY kind FORMAT TSV"))
        .isEqualTo("batch\t0\nrun\t64");
  }

  @Test
  void eventsArriveOnceThoughTheyAreSentTwice() {
    try (JdbcLedger ledger = JdbcLedger.open(home.resolve("ledger.db"), Samples.ORIGIN)) {
      Unit unit = Samples.unit(ledger, "ä \"b\"\\.csv");
      Run run = Samples.run(ledger, "r1", unit);
      for (long sequence = 1; sequence <= 3; sequence++) {
        BatchPlan plan = Samples.plan(run, unit, sequence);
        ledger.plan(plan);
        ledger.commit(Samples.committed(plan));
      }
      FrozenAudit audit = ledger.freeze(Samples.auditShape(), 10, Samples.NOON).orElseThrow();
      send(audit);
      send(ledger.frozen().orElseThrow());

      assertThat(
              query(
                  "SELECT seq, ledger, time, source, rows, outcome, _waybill_batch FROM waybill.audit"
                      + " WHERE kind = 'batch' ORDER BY seq FORMAT JSONCompactEachRow"))
          .isEqualTo(
              """
              [2, "%1$s", "2026-11-23 12:00:03.123456", "ä \\"b\\"\\\\.csv", 10, "committed", "%2$s"]
              [3, "%1$s", "2026-11-23 12:00:04.123456", "ä \\"b\\"\\\\.csv", 10, "committed", "%2$s"]
              [4, "%1$s", "2026-11-23 12:00:05.123456", "ä \\"b\\"\\\\.csv", 10, "committed", "%2$s"]"""
                  .formatted(ledger.id(), audit.plan().token()));
    }
  }
}
