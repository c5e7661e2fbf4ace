package io.waybill.ledger;

import static io.waybill.ledger.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.delivery.AuditOutbox.FrozenAudit;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.Unit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditOutboxTest {
  private static final InsertShape SHAPE = Samples.auditShape();
  @TempDir Path home;
  TestLedger store;
  private JdbcLedger ledger;
  private Unit unit;
  private Run run;

  TestLedger store() {
    return TestLedger.inFile(home.resolve("ledger.db"));
  }

  @BeforeEach
  void open() {
    store = store();
    ledger = store.open();
    unit = Samples.unit(ledger, "ä b.csv");
    run = Samples.run(ledger, "r1", unit);
    ledger.settled(ledger.freeze(SHAPE, 10, NOON).orElseThrow().plan()); // that the run began
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private void settle(long from, long to) {
    for (long sequence = from; sequence <= to; sequence++) {
      BatchPlan plan = Samples.plan(run, unit, sequence);
      ledger.plan(plan);
      ledger.commit(Samples.committed(plan));
    }
  }

  private static List<JsonNode> events(FrozenAudit audit) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    String body = new String(audit.body().toByteArray(), StandardCharsets.UTF_8);
    assertThat(body).endsWith("\n");
    for (String line : body.lines().toList()) {
      events.add(new ObjectMapper().readTree(line));
    }
    return events;
  }

  @Test
  void anEmptyOutboxHasNothingToFreeze() {
    assertThat(ledger.pending()).isZero();
    assertThat(ledger.frozen()).isEmpty();
    assertThat(ledger.freeze(SHAPE, 10, NOON)).isEmpty();
  }

  @Test
  void anEventTellsWhoMovedWhat() throws IOException {
    settle(1, 1);

    JsonNode event = events(ledger.freeze(SHAPE, 10, NOON).orElseThrow()).get(0);

    assertThat(event)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"time": "2026-11-23T12:00:03.123456Z", "ledger": "%s", "epoch": 1, "seq": 2,
                     "kind": "batch", "flow": "trips", "run": "r1", "batch": "r1-00001",
                     "source": "ä b.csv", "location": "/in/ä b.csv", "position_from": 0,
                     "position_to": 100, "first_record": 1, "database": "staging",
                     "table": "trips", "format": "CSVWithNames", "rows": 10, "parent": "", "bytes": 105,
                     "digest": "%s", "token": "%s", "query_id": "r1-00001", "attempts": 1,
                     "outcome": "committed", "dead_rows": 0, "error_code": 0, "error_name": "", "reason": "",
                     "clickhouse_host": "clickhouse-1", "clickhouse_user": "loader",
                     "ordered_by": "", "planned_at": "2026-11-23T12:00:01.123456Z", "elapsed_ms": 1500,
                     "host": "carrier.example", "waybill_version": "0.1.0",
                     "previous": "%s", "hash": "%s"}"""
                        .formatted(
                            ledger.id(),
                            Digests.of("payload of r1-00001"),
                            Digests.of("token of r1-00001"),
                            event.get("previous").asText(),
                            event.get("hash").asText())));
  }

  @Test
  void aDeadBatchIsAnEventToo() throws IOException {
    BatchPlan plan = Samples.plan(run, unit, 1);
    ledger.plan(plan);
    ledger.bury(Samples.dead(plan), Samples.letters(plan));

    JsonNode event = events(ledger.freeze(SHAPE, 10, NOON).orElseThrow()).get(0);

    assertThat(event.get("outcome").asText()).isEqualTo("dead");
    assertThat(event.get("error_code").asInt()).isEqualTo(27);
    assertThat(event.get("attempts").asInt()).isEqualTo(2);
    assertThat(event.get("reason").asText()).isEqualTo("row 3 does not parse");
  }

  @Test
  void theOldestEventsAreFrozenIntoAPlan() {
    settle(1, 5);

    FrozenAudit audit = ledger.freeze(SHAPE, 3, NOON).orElseThrow();

    BatchPlan plan = audit.plan();
    assertThat(plan.id()).isEqualTo("audit-" + ledger.id().substring(0, 8) + "-1-2-4");
    assertThat(plan.flow()).isEqualTo("waybill-audit");
    assertThat(plan.position().records()).isEqualTo(3);
    assertThat(plan.shape()).isEqualTo(SHAPE);
    assertThat(plan.plannedAt()).isEqualTo(NOON);
    assertThat(plan.bytes()).isEqualTo(audit.body().size());
    assertThat(plan.digest()).isEqualTo(Digests.of(audit.body().toByteArray()));
    assertThat(plan.token()).hasSize(64);
    assertThat(ledger.pending()).isEqualTo(5);
  }

  @Test
  void oneIsFrozenAtATime() {
    settle(1, 2);
    ledger.freeze(SHAPE, 1, NOON);

    assertThatThrownBy(() -> ledger.freeze(SHAPE, 1, NOON))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is frozen already");
  }

  @Test
  void whatIsFrozenIsTheSameAfterACrashAndMoreEvents() {
    settle(1, 3);
    FrozenAudit before = ledger.freeze(SHAPE, 2, NOON).orElseThrow();
    settle(4, 5);
    ledger.close();

    ledger = store.open(new Origin("another.example", "9.9.9"));
    FrozenAudit after = ledger.frozen().orElseThrow();

    assertThat(after.plan()).isEqualTo(before.plan());
    assertThat(after.body().toByteArray()).isEqualTo(before.body().toByteArray());
  }

  @Test
  void everyEventIsSentOnceWhereverItCrashes() throws IOException {
    settle(1, 7);
    List<Long> arrived = new ArrayList<>();
    while (ledger.pending() > 0) {
      FrozenAudit sent = ledger.freeze(SHAPE, 3, NOON).orElseThrow();
      ledger.close();
      ledger = store.open();
      FrozenAudit again = ledger.frozen().orElseThrow();
      assertThat(again.plan().token()).isEqualTo(sent.plan().token());
      ledger.settled(again.plan());
      ledger.close();
      ledger = store.open();
      assertThat(ledger.frozen()).isEmpty();
      for (JsonNode event : events(again)) {
        arrived.add(event.get("seq").asLong());
      }
    }

    assertThat(arrived).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void numbersGoOnAfterTheOutboxWasEmpty() throws IOException {
    settle(1, 2);
    ledger.settled(ledger.freeze(SHAPE, 10, NOON).orElseThrow().plan());
    ledger.close();
    ledger = store.open();
    settle(3, 3);

    FrozenAudit audit = ledger.freeze(SHAPE, 10, NOON).orElseThrow();
    assertThat(events(audit).get(0).get("seq").asLong()).isEqualTo(4);
  }

  @Test
  void aBatchIsSettledOnce() {
    settle(1, 2);
    FrozenAudit audit = ledger.freeze(SHAPE, 1, NOON).orElseThrow();
    ledger.settled(audit.plan());

    assertThatThrownBy(() -> ledger.settled(audit.plan()))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("is not frozen");
    assertThat(ledger.pending()).isEqualTo(1);
  }

  @Test
  void eventsThatSomebodyChangedAreNotSent() throws SQLException {
    settle(1, 2);
    ledger.freeze(SHAPE, 2, NOON);
    try (Connection other = store.connect()) {
      Sql.update(other, "UPDATE audit_event SET event = replace(event, 'loader', 'nobody')");
    }

    assertThatThrownBy(() -> ledger.frozen())
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("are not those that were planned");
  }
}
