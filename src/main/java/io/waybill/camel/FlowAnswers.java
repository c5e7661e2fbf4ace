package io.waybill.camel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Says on a message what became of it: {@link WaybillHeaders}. Thread-safe. */
record FlowAnswers(String flow, Clock clock) {

  /**
   * Answers a message.
   *
   * @param run run id; may be empty
   * @param began when its delivery began
   */
  void answer(Message message, String run, long rows, String outcome, Instant began) {
    message.setHeader(WaybillHeaders.FLOW, flow);
    message.setHeader(WaybillHeaders.RUN, run);
    message.setHeader(WaybillHeaders.ROWS, rows);
    message.setHeader(WaybillHeaders.OUTCOME, outcome);
    message.setHeader(WaybillHeaders.STARTED_AT, began);
    message.setHeader(
        WaybillHeaders.ELAPSED_MILLIS, Duration.between(began, clock.instant()).toMillis());
  }

  /** Whoever waits for ClickHouse's word is told; to all others dead letters are settled. */
  static void tellRefused(Exchange exchange, long rows, long refused, String run) {
    if (refused > 0 && WaitingSender.isOf(exchange)) {
      exchange.setException(new RefusedRowsException(rows, refused, run));
    }
  }
}
