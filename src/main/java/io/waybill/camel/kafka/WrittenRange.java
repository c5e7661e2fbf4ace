package io.waybill.camel.kafka;

import io.waybill.batch.SegmentPool;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;

/** A range of a flow that only delivers: its rows are written already, and no step sees them. */
final class WrittenRange extends KafkaRange {
  private final RowWriting rows;
  private final long oldest;

  /**
   * A range.
   *
   * @param oldest time of its oldest record, milliseconds since the epoch
   */
  WrittenRange(Place place, RowWriting rows, long oldest) {
    super(place);
    this.rows = rows;
    this.oldest = oldest;
  }

  @Override
  void prepare(Exchange exchange) {
    exchange.getMessage().setBody(List.of());
    putOn(exchange);
  }

  @Override
  RowWriting rows(Object given, SegmentPool pool, Rows encoder) {
    return rows;
  }

  @Override
  Instant oldest() {
    return Instant.ofEpochMilli(oldest);
  }

  @Override
  public void close() {
    rows.close();
  }
}
