package io.waybill.delivery;

import io.waybill.batch.Batch;
import io.waybill.batch.BatchSource.Stamp;
import java.time.Instant;
import java.util.Optional;

/** Sends the planned batches of one run and settles what comes of it. Thread-safe. */
final class Sender {
  private static final Refusal TRUNCATED =
      new Refusal(
          new Failure(
              Verdict.ISOLATE,
              0,
              "TRUNCATED",
              "the source ends inside a quoted field",
              "deliver the whole file; what was settled of it is not sent again"),
          1,
          "");
  private final Papers papers;
  private final Run run;
  private final String location;
  private final Isolation isolation;
  private final Tally tally;
  private volatile boolean anyDead;

  Sender(
      Papers papers, Run run, String location, Isolation isolation, Tally tally, boolean anyDead) {
    this.papers = papers;
    this.run = run;
    this.location = location;
    this.isolation = isolation;
    this.tally = tally;
    this.anyDead = anyDead;
  }

  /** Returns when the batch is settled, and what was left of it; its payload is released then. */
  void send(Batch batch, Attempts attempts) {
    Optional<Isolation.Rest> rest;
    try {
      rest = sendOne(batch, attempts);
    } finally {
      batch.payload().release();
    }
    rest.ifPresent(
        left -> send(left.batch(), Attempts.ofFresh(papers.ledger(), left.plan(), false)));
  }

  private Optional<Isolation.Rest> sendOne(Batch batch, Attempts attempts) {
    BatchPlan plan = attempts.plan();
    papers.listener().sending(plan);
    try {
      return settled(batch, attempts);
    } finally {
      papers.listener().sent(plan);
    }
  }

  private Optional<Isolation.Rest> settled(Batch batch, Attempts attempts) {
    Instant sent = papers.clock().instant();
    if (batch.tail() == Batch.Tail.TRUNCATED) {
      return part(attempts, batch, TRUNCATED, sent);
    }
    papers.faults().reached(Step.SEND);
    try {
      InsertReceipt receipt = papers.target().send(attempts, batch.payload());
      papers.faults().reached(Step.SENT);
      commit(receipt, attempts);
      return Optional.empty();
    } catch (RefusedBatchException e) {
      return part(attempts, batch, e.refusal(), sent);
    }
  }

  private Optional<Isolation.Rest> part(
      Attempts attempts, Batch batch, Refusal refusal, Instant sent) {
    Isolation.Parted parted = isolation.part(attempts, batch, refusal, sent);
    anyDead = true;
    tally.add(parted.waybill());
    papers.listener().settled(parted.waybill());
    papers.target().buried(parted.waybill(), parted.letters());
    return parted.rest();
  }

  private void commit(InsertReceipt receipt, Attempts attempts) {
    BatchPlan plan = attempts.plan();
    if (!receipt.proves(plan)) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "FOREIGN_RECEIPT",
              "the deliver route came back with the receipt of another batch than " + plan.id(),
              "mend routes/waybill/deliver.camel.yaml"));
    }
    Waybill waybill =
        new Waybill(
            plan,
            location,
            BatchState.COMMITTED,
            0,
            attempts.current(),
            0,
            "",
            "",
            receipt.server(),
            receipt.user(),
            papers.clock().instant(),
            receipt.elapsed());
    papers.ledger().commit(waybill);
    papers.faults().reached(Step.COMMITTED);
    tally.add(waybill);
    papers.listener().settled(waybill);
  }

  RunResult end(Stamp stamp, String note) {
    RunState state = anyDead ? RunState.COMPLETED_WITH_DEAD_LETTERS : RunState.COMPLETED;
    papers.end(run, state, note, "", stamp);
    return new RunResult(run.id(), false, state, tally.rows(), tally.deadRows());
  }
}
