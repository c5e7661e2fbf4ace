package io.waybill.batch;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.SortedSet;

/** One unit of a source whose bytes can be read again: a file, a spooled body. */
public interface BatchSource extends RecordSource {

  /** What identifies the unit within its flow: the path relative to the source's root. */
  @Override
  String id();

  /** {@inheritDoc} Reads the source once more. */
  @Override
  default List<Places.Place> places(Format format, Position range, SortedSet<Long> records)
      throws IOException {
    return Places.of(this, format, range, records);
  }

  /** Size and time of change, to see at a glance whether it is still as it was. */
  Stamp stamp() throws IOException;

  /** The stored bytes from the first one on, as they are (packed, if they are). */
  InputStream open() throws IOException;

  /**
   * How a source looks from outside.
   *
   * @param size stored bytes
   * @param modifiedNanos last change, nanoseconds since the epoch; 0 when nobody knows
   */
  record Stamp(long size, long modifiedNanos) {}
}
