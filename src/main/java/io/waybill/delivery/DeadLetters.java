package io.waybill.delivery;

import io.waybill.batch.Payload;
import java.io.IOException;
import java.time.Instant;

/** Port: where refused records are kept. Thread-safe. */
public interface DeadLetters {

  /**
   * Stores raw bytes and papers durably: when this returns, both and their folder are on disk.
   * Storing the same batch again replaces what was there.
   *
   * @throws IOException if they are not on disk; the batch then stays planned
   */
  DeadLetter store(BatchPlan plan, String location, Payload payload, Failure failure, Instant at)
      throws IOException;
}
