package io.waybill.delivery;

import io.waybill.batch.Batch;
import io.waybill.batch.RecordSource;
import io.waybill.batch.Records;
import io.waybill.batch.SegmentPool;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plans the batches of one run, whatever its source. Batches are planned by one thread at a time;
 * what refused ones leave is numbered by the threads that send.
 */
final class Planner {
  private static final int SAMPLE_BYTES = 1 << 20;
  private final FlowSpec flow;
  private final Papers papers;
  private final Run run;
  private final Unit unit;
  private final AtomicLong sequence;
  private final BadRows badRows;
  private final boolean anyDead;
  private final boolean resumed;
  private long records;
  private long bytes = -1; // looked up when they are asked for
  private InsertShape shape;

  /**
   * For a run, that may have begun before.
   *
   * @param nextSequence number of the run's next batch
   * @param records how many records of the run were planned before
   * @param deadRows how many of them are dead letters
   */
  Planner(
      FlowSpec flow,
      Papers papers,
      Run run,
      Unit unit,
      long nextSequence,
      long records,
      long deadRows) {
    this.flow = flow;
    this.papers = papers;
    this.run = run;
    this.unit = unit;
    this.sequence = new AtomicLong(nextSequence);
    // records that were bad once are no sign of a wrong file
    BadRowLimit limit = unit.isReplay() ? BadRowLimit.ALL : flow.badRows();
    this.badRows = new BadRows(limit, records, deadRows);
    this.anyDead = deadRows > 0;
    this.resumed = records > 0;
    this.records = records;
  }

  /** What sends the batches of this run. */
  Sender sender(RecordSource source, SegmentPool pool, Tally tally) {
    Isolation isolation =
        new Isolation(papers, source, unit, pool, badRows, sequence::getAndIncrement);
    return new Sender(papers, run, source.location(), isolation, tally, anyDead);
  }

  /**
   * Plans a batch; the plan is durable when this returns.
   *
   * @throws HeldDeliveryException if nothing can be planned for the time being
   * @throws RunFailedException if the run would bring more than it may
   */
  BatchPlan plan(Batch batch) {
    if (papers.outbox().pending() > flow.auditBacklog()) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "AUDIT_BACKLOG",
              "more than " + flow.auditBacklog() + " audit events wait for waybill.audit",
              "see why waybill.audit cannot be written: ./waybill check"));
    }
    refuseBeyondBounds(batch);
    InsertShape today = shapeFor(batch);
    long number = sequence.getAndIncrement();
    BatchPlan plan =
        new BatchPlan(
            RunIds.batch(run.id(), number),
            unit.flow(),
            run.id(),
            unit.id(),
            unit.sourceId(),
            number,
            batch.position(),
            batch.payload().size(),
            batch.digest(),
            Tokens.of(unit, batch),
            today,
            papers.clock().instant(),
            "",
            List.of());
    papers.faults().reached(Step.PLAN);
    papers.ledger().plan(plan);
    papers.faults().reached(Step.PLANNED);
    badRows.planned(plan.rows());
    records += plan.rows();
    bytes += plan.bytes();
    return plan;
  }

  /** Before it is planned: what is planned is delivered. */
  private void refuseBeyondBounds(Batch batch) {
    if (bytes < 0) {
      bytes = resumed ? BatchTotals.bytes(papers.ledger().batchesOf(run.id())) : 0;
    }
    flow.bounds()
        .get()
        .require(records + batch.position().records(), bytes + batch.payload().size());
  }

  /**
   * What ClickHouse refused as a whole goes with the table's columns and the flow's settings of
   * today: those may be what somebody mended. If that cannot be told, the batch's memory is given
   * back.
   */
  LedgerBatch current(LedgerBatch batch, Batch again) {
    if (!batch.isUntouched()) {
      return batch;
    }
    try {
      InsertShape today = shapeFor(again);
      InsertShape planned = batch.plan().shape();
      // in the place of a table that was replaced the rest of a source is worth nothing
      if (today.equals(planned) || !today.tableUuid().equals(planned.tableUuid())) {
        return batch;
      }
      LedgerBatch renewed = batch.with(batch.plan().withShape(today, papers.clock().instant()));
      papers.ledger().reshape(renewed.plan());
      return renewed;
    } catch (RuntimeException e) {
      again.payload().release();
      throw e;
    }
  }

  private InsertShape shapeFor(Batch batch) {
    if (shape == null) {
      shape = papers.target().shape(unit, run, Samples.head(batch.payload(), SAMPLE_BYTES));
    }
    return shape;
  }

  /**
   * A planned batch from what its range holds now.
   *
   * @param whole all records of the range; null if it is gone. Its memory is given back unless it
   *     is the batch
   * @return the batch; empty if it is not what was planned
   */
  static Optional<Batch> planned(Batch whole, BatchPlan plan, SegmentPool pool) throws IOException {
    Batch again = whole;
    if (again != null && !plan.without().isEmpty()) {
      try {
        again =
            Records.of(whole.payload(), plan.shape().format()).without(plan.leftOut(), whole, pool);
      } finally {
        whole.payload().release();
      }
    }
    if (again != null && !again.digest().equals(plan.digest())) {
      again.payload().release();
      again = null;
    }
    return Optional.ofNullable(again);
  }
}
