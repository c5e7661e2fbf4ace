package io.waybill.delivery;

import io.waybill.batch.Batch;
import io.waybill.batch.Places.Place;
import io.waybill.batch.RecordSource;
import io.waybill.batch.Records;
import io.waybill.batch.SegmentPool;
import io.waybill.batch.row.NoRow;
import io.waybill.batch.row.RowMisfit;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Parts the bad records of a refused batch from the good ones: the bad become dead letters, the
 * good one batch that takes its place. Thread-safe.
 */
final class Isolation {
  private final Papers papers;
  private final RecordSource source;
  private final Unit unit;
  private final SegmentPool pool;
  private final BadRows badRows;
  private final LongSupplier sequence;

  /**
   * For one run.
   *
   * @param sequence gives the number of the run's next batch
   */
  Isolation(
      Papers papers,
      RecordSource source,
      Unit unit,
      SegmentPool pool,
      BadRows badRows,
      LongSupplier sequence) {
    this.papers = papers;
    this.source = source;
    this.unit = unit;
    this.pool = pool;
    this.badRows = badRows;
    this.sequence = sequence;
  }

  /**
   * What became of the batch.
   *
   * @param waybill its papers, written down
   * @param letters its dead letters
   * @param rest the batch that takes its place, planned; empty if every record was bad
   */
  record Parted(Waybill waybill, List<DeadLetter> letters, Optional<Rest> rest) {}

  /** A planned batch that was not sent yet. */
  record Rest(BatchPlan plan, Batch batch) {}

  /**
   * Parts a batch that was refused.
   *
   * @throws RunFailedException if more of the run is bad than may be; the batch stays planned
   * @throws HeldDeliveryException if it cannot be tried which are bad, or they cannot be stored
   */
  Parted part(Attempts attempts, Batch batch, Refusal refusal, Instant sentAt) {
    // the rest of the batch takes memory beside the budget, so one after the other
    papers.memory().alone().lock();
    try {
      return partAlone(attempts, batch, refusal, sentAt);
    } catch (DeadLettersFullException e) {
      throw held(
          "DEAD_LETTERS_FULL",
          e,
          "mend and replay or discard dead letters (./waybill dead-letters), or raise waybill.dead-letters.max-bytes");
    } catch (IOException e) {
      throw held(
          "DEAD_LETTERS_UNWRITABLE",
          e,
          "make room or mend the rights of data/dead-letters; the batch is kept in doubt");
    } finally {
      papers.memory().alone().unlock();
    }
  }

  private Parted partAlone(Attempts attempts, Batch batch, Refusal refusal, Instant sentAt)
      throws IOException {
    BatchPlan plan = attempts.plan();
    Records records = Records.of(batch.payload(), plan.shape().format());
    requireAllFound(plan, records);
    long most = badRows.left();
    Map<Integer, Refusal> bad = noRows(records, refusal);
    boolean foreseen = !bad.isEmpty();
    if (!foreseen) {
      bad =
          batch.tail() == Batch.Tail.TRUNCATED
              ? Map.of(0, refusal)
              : search(plan, records, refusal, most);
      if (bad.size() > most) {
        throw tooMany(refusal);
      }
    }
    papers.faults().reached(Step.PROBED);
    Instant now = papers.clock().instant();
    List<DeadLetter> letters =
        papers
            .deadLetters()
            .store(plan, source.location(), records, badRecords(plan, records, bad), now);
    papers.faults().reached(Step.DEAD_LETTERS_STORED);
    Optional<Rest> rest =
        bad.size() == records.count()
            ? Optional.empty()
            : Optional.of(rest(plan, batch, records, bad));
    Waybill waybill = waybill(attempts, refusal.failure(), rest, letters, sentAt, now);
    if (rest.isPresent()) {
      papers.ledger().split(waybill, rest.get().plan(), letters);
    } else {
      papers.ledger().bury(waybill, letters);
    }
    badRows.refused(foreseen ? 0 : letters.size());
    papers.faults().reached(Step.SPLIT);
    return new Parted(waybill, letters, rest);
  }

  /**
   * Messages that are no rows: no sign of a wrong source, so that they do not count, and known
   * without asking. What else is bad comes out when the rest is sent.
   */
  private static Map<Integer, Refusal> noRows(Records records, Refusal refusal) throws IOException {
    Map<Integer, Refusal> bad = new TreeMap<>();
    records.beginningWith(NoRow.mark()).stream()
        .forEach(record -> bad.put(record, noRow(refusal, record)));
    return bad;
  }

  private static Refusal noRow(Refusal refusal, int record) {
    return new Refusal(
        new Failure(
            Verdict.ISOLATE,
            refusal.failure().code(),
            "NO_ROW",
            "the message is no JSON object, or has no value",
            "mend it and replay it, or discard it: ./waybill dead-letters export"),
        record + 1,
        "");
  }

  private Map<Integer, Refusal> search(
      BatchPlan plan, Records records, Refusal refusal, long most) {
    try (Prober prober = papers.target().prober(plan)) {
      Map<Integer, Refusal> bad = new BadRecordSearch(records, prober, most).find(refusal);
      if (bad.isEmpty()) {
        throw new HeldDeliveryException(
            new Failure(
                Verdict.HOLD,
                refusal.failure().code(),
                "NO_BAD_RECORD",
                "ClickHouse refuses batch %s, but none of its records by itself: %s"
                    .formatted(plan.id(), refusal.failure().reason()),
                "see ClickHouse's log for the query id " + plan.id()));
      }
      return bad;
    }
  }

  /**
   * What is counted here must be what ClickHouse counts, or the wrong record would be taken out.
   */
  private static void requireAllFound(BatchPlan plan, Records records) {
    if (records.count() != plan.rows()) {
      throw new IllegalStateException(
          "batch %s has %d records and %d were planned"
              .formatted(plan.id(), records.count(), plan.rows()));
    }
  }

  private List<BadRecord> badRecords(BatchPlan plan, Records records, Map<Integer, Refusal> bad)
      throws IOException {
    TreeSet<Long> wanted = new TreeSet<>();
    bad.keySet().forEach(record -> wanted.add(plan.numberInSource(record)));
    List<Place> places = source.places(plan.shape().format(), plan.position(), wanted);
    List<BadRecord> result = new ArrayList<>();
    for (Map.Entry<Integer, Refusal> each : bad.entrySet()) {
      Refusal refusal = explained(plan, records.bytes(each.getKey()), each.getValue());
      result.add(
          new BadRecord(
              places.get(result.size()),
              records.length(each.getKey()),
              refusal.failure(),
              refusal.column()));
    }
    return result;
  }

  /** ClickHouse cannot know what a value was before it was written as text that it refuses. */
  private static Refusal explained(BatchPlan plan, byte[] record, Refusal refusal) {
    return RowMisfit.in(record)
        .filter(misfit -> plan.shape().columns().contains(misfit.column()))
        .map(
            misfit ->
                new Refusal(
                    new Failure(
                        Verdict.ISOLATE,
                        refusal.failure().code(),
                        "VALUE_MISFIT",
                        "column %s of type %s takes no %s of this value"
                            .formatted(misfit.column(), misfit.type(), misfit.javaType()),
                        "mend the value and replay it: ./waybill dead-letters export"),
                    refusal.row(),
                    misfit.column()))
        .orElse(refusal);
  }

  private Rest rest(BatchPlan plan, Batch batch, Records records, Map<Integer, Refusal> bad)
      throws IOException {
    BitSet left = new BitSet();
    TreeSet<Long> without = new TreeSet<>(plan.without());
    for (int record : bad.keySet()) {
      left.set(record);
      without.add(plan.numberInSource(record));
    }
    Batch rest = records.without(left, batch, pool);
    long number = sequence.getAsLong();
    BatchPlan planned =
        new BatchPlan(
            RunIds.batch(plan.run(), number),
            plan.flow(),
            plan.run(),
            plan.unit(),
            plan.sourceId(),
            number,
            plan.position(),
            rest.payload().size(),
            rest.digest(),
            Tokens.of(unit, rest),
            plan.shape(),
            papers.clock().instant(),
            plan.id(),
            List.copyOf(without));
    return new Rest(planned, rest);
  }

  private Waybill waybill(
      Attempts attempts,
      Failure failure,
      Optional<Rest> rest,
      List<DeadLetter> letters,
      Instant sentAt,
      Instant now) {
    return new Waybill(
        attempts.plan(),
        source.location(),
        rest.isPresent() ? BatchState.SPLIT : BatchState.DEAD,
        letters.size(),
        attempts.current(),
        failure.code(),
        failure.name(),
        failure.reason(),
        "",
        "",
        now,
        Duration.between(sentAt, now));
  }

  private RunFailedException tooMany(Refusal refusal) {
    return new RunFailedException(
        "more than maxBadRows=%s of the records of %s are refused: %s"
            .formatted(badRows.limit(), source.location(), refusal.failure().reason()),
        "mend the source, or raise maxBadRows and continue with ./waybill rerun; nothing of this batch was delivered");
  }

  private static HeldDeliveryException held(String name, IOException cause, String remedy) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD, 0, name, "cannot store refused records: " + cause.getMessage(), remedy),
        cause);
  }
}
