package io.waybill.camel;

import io.waybill.batch.SegmentPool;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.camel.Exchange;

/**
 * A range of a stream on its way through a flow. It rides as an exchange property, so that the
 * steps of the flow may make of the body what they like.
 */
public abstract class StreamRange {
  private static final String PROPERTY = "CamelWaybillRange";

  /** Writes the rows that a body is made of, as lines of JSON. */
  @FunctionalInterface
  public interface Rows {
    void write(Object body, OutputStream out) throws IOException;
  }

  /**
   * What became of a range.
   *
   * @param run the run that it came with; empty if it had no rows
   * @param rows how many rows it had
   */
  public record Delivered(String run, long rows) {}

  /** The range that this exchange carries, or null. */
  static StreamRange of(Exchange exchange) {
    return exchange.getProperty(PROPERTY, StreamRange.class);
  }

  protected final void putOn(Exchange exchange) {
    exchange.setProperty(PROPERTY, this);
  }

  /**
   * Delivers what the flow made of the range: all of it, and once.
   *
   * @throws io.waybill.delivery.HeldDeliveryException if it has to wait
   * @throws io.waybill.delivery.RunFailedException if its run cannot go on
   * @throws io.waybill.delivery.DeliveryStoppedException if its source was given away
   */
  public abstract Delivered deliver(Object body, SegmentPool pool, Rows rows) throws IOException;
}
