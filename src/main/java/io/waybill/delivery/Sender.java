package io.waybill.delivery;

import io.waybill.batch.Batch;
import io.waybill.batch.BatchSource.Stamp;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Sends the planned batches of one run and settles what comes of it. Thread-safe. */
final class Sender {
  private static final Failure TRUNCATED =
      new Failure(
          Verdict.ISOLATE,
          0,
          "TRUNCATED",
          "the source ends inside a quoted field",
          "deliver the whole file; what was settled of it is not sent again");
  private final Papers papers;
  private final Run run;
  private final String location;
  private final Tally tally;
  private volatile boolean anyDead;

  Sender(Papers papers, Run run, String location, Tally tally, boolean anyDead) {
    this.papers = papers;
    this.run = run;
    this.location = location;
    this.tally = tally;
    this.anyDead = anyDead;
  }

  void send(BatchPlan plan, Batch batch, Attempts attempts) {
    try {
      if (batch.tail() == Batch.Tail.TRUNCATED) {
        bury(plan, batch, attempts, TRUNCATED, papers.clock().instant());
        return;
      }
      Instant sent = papers.clock().instant();
      try {
        InsertReceipt receipt = papers.target().send(plan, batch.payload(), attempts);
        commit(plan, receipt, attempts);
      } catch (RefusedBatchException e) {
        bury(plan, batch, attempts, e.failure(), sent);
      }
    } finally {
      batch.payload().release();
    }
  }

  private void commit(BatchPlan plan, InsertReceipt receipt, Attempts attempts) {
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
            attempts.current(),
            0,
            "",
            "",
            receipt.server(),
            receipt.user(),
            papers.clock().instant(),
            receipt.elapsed());
    papers.ledger().commit(waybill);
    tally.add(waybill);
    papers.listener().settled(waybill);
  }

  private void bury(
      BatchPlan plan, Batch batch, Attempts attempts, Failure failure, Instant sentAt) {
    Instant now = papers.clock().instant();
    DeadLetter letter;
    try {
      letter = papers.deadLetters().store(plan, location, batch.payload(), failure, now);
    } catch (IOException e) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "DEAD_LETTERS_UNWRITABLE",
              "cannot store the refused records of batch " + plan.id() + ": " + e.getMessage(),
              "make room or mend the rights of data/dead-letters; the batch is kept in doubt"),
          e);
    }
    Waybill waybill =
        new Waybill(
            plan,
            location,
            BatchState.DEAD,
            attempts.current(),
            failure.code(),
            failure.name(),
            failure.reason(),
            "",
            "",
            now,
            Duration.between(sentAt, now));
    papers.ledger().bury(waybill, letter);
    anyDead = true;
    tally.add(waybill);
    papers.listener().settled(waybill);
    papers.target().buried(waybill, letter);
  }

  RunResult end(Stamp stamp, String note) {
    RunState state = anyDead ? RunState.COMPLETED_WITH_DEAD_LETTERS : RunState.COMPLETED;
    papers.end(run, state, note, "", stamp);
    return new RunResult(run.id(), false, state, tally.rows(), tally.deadRows());
  }
}
