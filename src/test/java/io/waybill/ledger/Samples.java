package io.waybill.ledger;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.batch.Places.Place;
import io.waybill.batch.Position;
import io.waybill.delivery.BadRecord;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.Failure;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.Run;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Verdict;
import io.waybill.delivery.Waybill;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** What tests of the ledger write into it. */
final class Samples {
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");
  static final TableName TABLE = new TableName("staging", "trips");
  static final Stamp STAMP = new Stamp(1_000, 1_700_000_000_123_456_789L);
  static final Origin ORIGIN = new Origin("carrier.example", "0.1.0");
  static final Failure REFUSED =
      new Failure(Verdict.ISOLATE, 27, "CANNOT_PARSE_INPUT", "row 3 does not parse", "mend it");

  private Samples() {}

  static InsertShape shape(TableName table) {
    return new InsertShape(
        table,
        "0b6e2a3e-7f5e-4a9e-9e52-2f1f3a5b7c9d",
        List.of("id", "we \"ird, name"),
        Format.CSV_WITH_NAMES,
        new TreeMap<>(Map.of("async_insert", "0", "max_insert_block_size", "10000000")),
        1,
        true);
  }

  static InsertShape auditShape() {
    return new InsertShape(
        AuditTable.NAME,
        "5d9a3d0c-93a1-4b0e-8a53-0a4b6c1f2e7d",
        AuditTable.columns(),
        Format.JSON_EACH_ROW,
        new TreeMap<>(Map.of("async_insert", "0")),
        1,
        true);
  }

  static Unit unit(JdbcLedger ledger, String source) {
    return ledger.newUnit("trips", source, TABLE, Format.CSV_WITH_NAMES, STAMP);
  }

  static Run run(JdbcLedger ledger, String id, Unit unit) {
    return ledger.beginRun(id, unit, "/in/" + unit.sourceId(), STAMP, NOON);
  }

  /** Ten records and a hundred bytes, behind the batch of the sequence before. */
  static BatchPlan plan(Run run, Unit unit, long sequence) {
    String id = "%s-%05d".formatted(run.id(), sequence);
    return new BatchPlan(
        id,
        unit.flow(),
        run.id(),
        unit.id(),
        unit.sourceId(),
        sequence,
        new Position((sequence - 1) * 100, sequence * 100, (sequence - 1) * 10 + 1, 10),
        105,
        Digests.of("payload of " + id),
        Digests.of("token of " + id),
        shape(unit.target()),
        NOON.plusSeconds(sequence),
        "",
        List.of());
  }

  static Waybill committed(BatchPlan plan) {
    return new Waybill(
        plan,
        "/in/" + plan.sourceId(),
        BatchState.COMMITTED,
        0,
        1,
        0,
        "",
        "",
        "clickhouse-1",
        "loader",
        plan.plannedAt().plusSeconds(2),
        Duration.ofMillis(1_500));
  }

  static Waybill dead(BatchPlan plan) {
    return new Waybill(
        plan,
        "/in/" + plan.sourceId(),
        BatchState.DEAD,
        plan.rows(),
        2,
        REFUSED.code(),
        REFUSED.name(),
        REFUSED.reason(),
        "",
        "",
        plan.plannedAt().plusSeconds(3),
        Duration.ofMillis(20));
  }

  /** One letter for each record of a batch. */
  static List<DeadLetter> letters(BatchPlan plan) {
    long first = plan.position().firstRecord();
    return LongStream.range(first, first + plan.rows())
        .mapToObj(record -> letter(plan, record))
        .toList();
  }

  static DeadLetter letter(BatchPlan plan, long record) {
    return new DeadLetter(
        plan.id() + "-" + record,
        plan.id(),
        "trips/" + plan.id() + ".csv",
        5 + 10 * record,
        new BadRecord(new Place(record, 10 * record, record + 1), 10, REFUSED, "id"),
        NOON,
        NOON);
  }

  /** The batch that takes the place of another one, without its first records. */
  static BatchPlan rest(BatchPlan plan, long sequence, int without) {
    long first = plan.position().firstRecord();
    String id = "%s-%05d".formatted(plan.run(), sequence);
    return new BatchPlan(
        id,
        plan.flow(),
        plan.run(),
        plan.unit(),
        plan.sourceId(),
        sequence,
        plan.position(),
        55,
        Digests.of("payload of " + id),
        Digests.of("token of " + id),
        plan.shape(),
        NOON.plusSeconds(sequence),
        plan.id(),
        LongStream.range(first, first + without).boxed().toList());
  }

  static Waybill split(BatchPlan plan, int deadRows) {
    Waybill dead = dead(plan);
    return new Waybill(
        plan,
        dead.location(),
        BatchState.SPLIT,
        deadRows,
        dead.attempts(),
        dead.errorCode(),
        dead.errorName(),
        dead.reason(),
        "",
        "",
        dead.settledAt(),
        dead.elapsed());
  }
}
