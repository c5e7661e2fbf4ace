package io.waybill.camel;

/** A consumer that brings ranges of streams. Thread-safe. */
public interface StreamConsumer {

  /** Opens all streams anew, those too whose run failed: the ledger may know more by now. */
  void reopen();

  /** Whether all that its source had at the start is settled, or waits for a person. */
  boolean isDrained();
}
