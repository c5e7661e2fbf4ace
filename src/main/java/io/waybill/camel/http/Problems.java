package io.waybill.camel.http;

import io.waybill.batch.SourceFormatException;
import io.waybill.camel.RefusedRowsException;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.RunFailedException;
import java.util.Map;

/** The answers to requests that failed. */
final class Problems {
  private static final int SOON = 1;
  private static final int LATER = 5;

  private Problems() {}

  /** Tells no more of an exception that is not Waybill's than its kind: it may quote the body. */
  static Problem of(Throwable failure) {
    if (failure instanceof HeldDeliveryException held) {
      return Problem.later(
          503, held.failure().name(), "the flow is held; its operator knows why", LATER);
    }
    if (failure instanceof DeliveryStoppedException) {
      return stopping();
    }
    if (failure instanceof RefusedRowsException refused) {
      return new Problem(
          422,
          "ROWS_REFUSED",
          "%d of %d rows were refused by ClickHouse and are kept as dead letters; the others are in the"
                  .formatted(refused.refused(), refused.rows())
              + " table. Do not send any of them again.",
          0,
          Map.of("rows", refused.rows(), "deadLetters", refused.refused(), "run", refused.run()));
    }
    if (failure instanceof SourceFormatException wrong) {
      return Problem.of(422, "NOT_THE_FORMAT", wrong.getMessage());
    }
    if (failure instanceof RunFailedException) {
      return Problem.of(
          500,
          "RUN_FAILED",
          "the rows are stored and wait for an operator; do not send them again");
    }
    return Problem.of(500, "INTERNAL", "it failed (" + failure.getClass().getSimpleName() + ")");
  }

  static Problem held() {
    return Problem.later(503, "FLOW_HELD", "the flow is held; its operator knows why", LATER);
  }

  static Problem stopping() {
    return Problem.later(503, "STOPPING", "the flow is being stopped", LATER);
  }

  static Problem tooMany(String what) {
    return Problem.later(429, "TOO_MANY_REQUESTS", what + "; wait for answers", SOON);
  }

  static Problem tooLarge(long most) {
    return Problem.of(
        413,
        "TOO_LARGE",
        "a request may have %d bytes, unpacked; send the rows in several".formatted(most));
  }

  static Problem tooSlow() {
    return Problem.of(408, "TOO_SLOW", "the body did not come in time; nothing of it is stored");
  }
}
