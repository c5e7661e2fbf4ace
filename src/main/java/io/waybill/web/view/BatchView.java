package io.waybill.web.view;

import io.waybill.ledger.BatchPoint;
import io.waybill.ledger.BatchRow;
import java.time.Duration;
import java.util.List;

/** A batch. */
public record BatchView(
    @About("its id, which is its query id in ClickHouse") String batch,
    @About("its run") String run,
    @About("number within the run, from 1") long sequence,
    @About("planned, committed, split or dead") String state,
    @About("first byte, or offset, of it in the source") long from,
    @About("the one behind its last") long to,
    @About("number of its first record in the source") long firstRecord,
    @About("records of it") long rows,
    @About("records of it that were refused") long deadRows,
    @About("batch in whose place it came; empty for most") String parent,
    @About("payload size") long bytes,
    @About("hex SHA-256 of the payload") String digest,
    @About("deduplication token, in the column _waybill_batch of its rows") String token,
    @About("how often it was or is about to be sent") int attempts,
    @About(value = "when it was planned", time = true) String plannedAt,
    @About(value = "when it was settled", maybe = true, time = true) String settledAt,
    @About(value = "milliseconds from the first byte sent to the answer", maybe = true)
        Double elapsedMillis,
    @About("ClickHouse's code of the refusal, or 0") int errorCode,
    @About("its name, or empty") String errorName,
    @About("why it was refused, or empty") String reason,
    @About("host that answered, or empty") String server,
    @About("ClickHouse user that wrote, or empty") String user) {

  public static BatchView of(BatchRow batch) {
    return new BatchView(
        batch.id(),
        batch.run(),
        batch.sequence(),
        batch.state().label(),
        batch.position().from(),
        batch.position().to(),
        batch.position().firstRecord(),
        batch.rows(),
        batch.deadRows(),
        batch.parent(),
        batch.bytes(),
        batch.digest(),
        batch.token(),
        batch.attempts(),
        Times.of(batch.planned()),
        Times.of(batch.settled()),
        batch.elapsed().map(BatchView::millis).orElse(null),
        batch.errorCode(),
        batch.errorName(),
        batch.reason(),
        batch.server(),
        batch.user());
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  /** What a chart shows of a settled batch. */
  public record Point(
      @About("its id") String batch,
      @About("its run") String run,
      @About("its flow") String flow,
      @About("committed or dead") String state,
      @About("its records") long rows,
      @About("those that were refused") long deadRows,
      @About("payload size") long bytes,
      @About("how often it was sent") int attempts,
      @About(value = "when it was planned", time = true) String plannedAt,
      @About(value = "when it was settled", time = true) String settledAt,
      @About("milliseconds from the first byte sent to the answer") double elapsedMillis,
      @About(
              value = "seconds from the last change of the source to the table, if it says so",
              maybe = true)
          Double delaySeconds) {

    public static Point of(BatchPoint point) {
      return new Point(
          point.id(),
          point.run(),
          point.flow(),
          point.state().label(),
          point.rows(),
          point.deadRows(),
          point.bytes(),
          point.attempts(),
          Times.of(point.planned()),
          Times.of(point.settled()),
          millis(point.elapsed()),
          point
              .sourceModified()
              .map(modified -> Duration.between(modified, point.settled()))
              .filter(delay -> !delay.isNegative())
              .map(delay -> delay.toMillis() / 1e3)
              .orElse(null));
    }
  }

  /** Batches for a chart. */
  public record Points(@About("the newest first") List<Point> batches) {
    public Points {
      batches = List.copyOf(batches);
    }
  }
}
