package io.waybill.camel;

/** A consumer that knows itself when its source is empty. Thread-safe. */
public interface Drainable {

  /** Whether all that its source had at the start is settled, or waits for a person. */
  boolean isDrained();
}
