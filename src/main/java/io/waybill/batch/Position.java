package io.waybill.batch;

/**
 * Where a batch lies in its source.
 *
 * @param from first byte of the uncompressed stream, inclusive
 * @param to last byte of the uncompressed stream, exclusive
 * @param firstRecord number of the first record, counted from 1 without the header line
 * @param records how many records lie between {@code from} and {@code to}
 */
public record Position(long from, long to, long firstRecord, long records) {
  public Position {
    if (from < 0 || to < from || firstRecord < 1 || records < 0) {
      throw new IllegalArgumentException("not a position: bytes " + from + " to " + to);
    }
  }

  @Override
  public String toString() {
    return "bytes "
        + from
        + "-"
        + to
        + ", records "
        + firstRecord
        + "-"
        + (firstRecord + records - 1);
  }
}
