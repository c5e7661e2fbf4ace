package io.waybill.delivery;

import io.waybill.batch.Records;
import java.util.BitSet;
import java.util.Optional;

/** Port: tries whether ClickHouse would take records, without inserting them anywhere. */
public interface Prober extends AutoCloseable {

  /**
   * Tries the records from {@code from} to {@code to}, exclusive, but for those left out.
   *
   * @return why they are refused; empty if they would be taken
   * @throws HeldDeliveryException if it cannot be tried
   */
  Optional<Refusal> probe(Records records, int from, int to, BitSet without);

  @Override
  void close();
}
