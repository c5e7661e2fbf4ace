package io.waybill.camel.kafka;

import io.waybill.batch.Batch;
import io.waybill.batch.SegmentPool;
import io.waybill.camel.StreamRange;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.Run;
import io.waybill.delivery.Stream;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;

/**
 * The records of one partition from one offset to another, on their way through a flow. Used by one
 * thread at a time.
 */
abstract class KafkaRange extends StreamRange implements AutoCloseable {
  private final Place place;
  private final AtomicBoolean delivered = new AtomicBoolean();
  private volatile boolean settled;

  /**
   * Where a range lies.
   *
   * @param from first offset
   * @param to last offset, exclusive
   * @param inDoubt the planned batch that it is; null if it is new
   */
  record Place(
      Stream stream,
      PartitionSource source,
      KafkaColumns columns,
      long from,
      long to,
      LedgerBatch inDoubt) {}

  KafkaRange(Place place) {
    this.place = place;
  }

  /** Puts the range, and what its steps are to see, on an exchange. */
  abstract void prepare(Exchange exchange);

  /** The rows of what the flow made of it; closed by who asked. */
  abstract RowWriting rows(Object given, SegmentPool pool, Rows rows);

  /** Time of its oldest record. */
  abstract Instant oldest();

  Place place() {
    return place;
  }

  /** Settles a range that the flow made nothing of. */
  void leaveOutUnlessDelivered() {
    if (delivered.compareAndSet(false, true)) {
      leaveOut();
    }
  }

  private void leaveOut() {
    if (place.inDoubt == null) {
      place.stream.skip(place.from, place.to);
    } else {
      var unused = place.stream.resend(place.inDoubt, null);
    }
    settled = true;
  }

  /** Whether all of it is in ClickHouse, a dead letter, or nothing. */
  boolean isSettled() {
    return settled;
  }

  @Override
  public Delivered deliver(Object given, SegmentPool pool, Rows encoder) throws IOException {
    if (!delivered.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "a range of messages came twice; a flow sends it to waybill: once");
    }
    try (RowWriting rows = rows(given, pool, encoder)) {
      if (rows.rows() == 0) {
        leaveOut();
        return new Delivered("", 0);
      }
      place.source.note(place.from, rows.offsets());
      Batch batch = rows.finish(place.to);
      Run run =
          place.inDoubt == null
              ? place.stream.deliver(batch, oldest())
              : place.stream.resend(place.inDoubt, batch);
      settled = true;
      return new Delivered(run.id(), batch.position().records());
    } finally {
      place.source.forget(place.from);
    }
  }

  /** Gives back the memory of a range that did not arrive. */
  @Override
  public abstract void close();
}
