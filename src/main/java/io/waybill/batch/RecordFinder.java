package io.waybill.batch;

import java.io.IOException;

/** Finds where records end, and reads on as far as that needs. */
final class RecordFinder {
  /** An array must hold it, and growing doubles. */
  private static final long LONGEST = 1L << 29;

  private final Window window;
  private final Dialect dialect;
  private final String location;

  RecordFinder(Window window, Dialect dialect, String location) {
    this.window = window;
    this.dialect = dialect;
    this.location = location;
  }

  /**
   * The length, line end included, of the record that begins so many bytes ahead of the window's
   * start; {@link ByteSearch#NONE} if it does not end before the offset {@code stop} or the end of
   * the source, and then all of that is in the window.
   *
   * @throws SourceFormatException if it is longer than {@code most}
   */
  int lengthAt(int ahead, long stop, long most) throws IOException {
    long longest = Math.min(most, LONGEST);
    while (true) {
      int from = window.start() + ahead;
      long reach = Math.min(window.available(), stop - window.offset());
      int to = window.start() + (int) reach;
      int recordEnd = dialect.recordEnd(window.bytes(), from, to);
      int length = (recordEnd == ByteSearch.NONE ? to : recordEnd) - from;
      if (length > longest) {
        throw SourceFormatException.at(
            location,
            window.offset() + ahead,
            "the record that begins here is longer than "
                + new DataSize(longest)
                + " (an unclosed quote?); mend the source, or allow longer records");
      }
      if (recordEnd != ByteSearch.NONE) {
        return length;
      }
      if (window.offset() + reach == stop || !window.more()) {
        return ByteSearch.NONE;
      }
    }
  }
}
