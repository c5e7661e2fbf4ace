package io.waybill.camel;

import org.apache.camel.Exchange;

/**
 * Marks messages whose sender waits for an answer: it is told of content that is not of the flow's
 * format, instead of that becoming a dead letter.
 */
public final class WaitingSender {
  private static final String WAITS = "CamelWaybillSenderWaits";

  private WaitingSender() {}

  /** Notes that the sender of this message waits. */
  public static void mark(Exchange exchange) {
    exchange.setProperty(WAITS, true);
  }

  static boolean isOf(Exchange exchange) {
    return exchange.getProperty(WAITS) != null;
  }
}
