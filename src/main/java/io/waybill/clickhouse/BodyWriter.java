package io.waybill.clickhouse;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes the body of an insert, the same bytes each time it is called.
 *
 * <p>It is called in the thread that called {@code insert}, and not after that has returned. It may
 * be called twice within one insert: the HTTP client repeats a request once that was answered with
 * 429 or 503.
 */
@FunctionalInterface
public interface BodyWriter {

  /** Writes all bytes; closing the stream is not its business. */
  void writeTo(OutputStream out) throws IOException;
}
