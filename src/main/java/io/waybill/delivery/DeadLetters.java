package io.waybill.delivery;

import io.waybill.batch.Records;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Port: where refused records are kept. Thread-safe. */
public interface DeadLetters {

  /**
   * Stores raw bytes and papers durably: when this returns, both and their folder are on disk.
   * Storing records of the same batch again replaces what was there.
   *
   * @param plan batch that they were in
   * @param location where a person finds its source
   * @param records all records of the batch
   * @param bad those that were refused, in their order
   * @throws DeadLettersFullException if the folder may not grow as far as that
   * @throws IOException if they are not on disk; the batch then stays planned
   */
  List<DeadLetter> store(
      BatchPlan plan, String location, Records records, List<BadRecord> bad, Instant at)
      throws IOException;
}
