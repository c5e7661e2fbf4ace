package io.waybill.camel;

import io.waybill.batch.RecordSource;
import java.util.Map;
import java.util.function.Consumer;

/** A consumer that brings ranges of streams. Thread-safe. */
public interface StreamConsumer {

  /** Opens all streams anew, those too whose run failed: the ledger may know more by now. */
  void reopen();

  /**
   * Does something while nothing of a source is on its way, and opens it anew behind that.
   *
   * @param sourceId id of a source that this consumer has; of another one it is never done
   */
  void undisturbed(String sourceId, Consumer<RecordSource> work);

  /** How many records are not settled yet, by partition, as far as is known. */
  Map<String, Long> lags();

  /** Whether all that its source had at the start is settled, or waits for a person. */
  boolean isDrained();
}
