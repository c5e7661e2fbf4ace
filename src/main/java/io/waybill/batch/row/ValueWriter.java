package io.waybill.batch.row;

/** Writes values as JSON that a column of one type takes. Thread-safe. */
interface ValueWriter {

  /**
   * Writes a value that is not null.
   *
   * @throws Misfit if the type does not take it, or not as it is; something may be written then
   */
  void write(Object value, JsonOut out) throws Misfit;

  /** Writes a value, also none. */
  default void writeOrNull(Object value, JsonOut out) throws Misfit {
    if (value == null) {
      out.ascii("null");
    } else {
      write(value, out);
    }
  }
}
