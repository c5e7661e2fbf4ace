package io.waybill.batch;

import java.util.Optional;

/**
 * What a format says about the bytes of a record, following ClickHouse's own parsers. Without
 * state: a record that does not end within the range is asked about again when more is there.
 */
interface Dialect {

  static Dialect of(Format format) {
    return switch (format) {
      case CSV, CSV_WITH_NAMES -> new CsvDialect();
      case TSV, TSV_WITH_NAMES -> new TsvDialect();
      case JSON_EACH_ROW -> new JsonDialect();
    };
  }

  /**
   * The index behind the line end of the record that begins at {@code from}, or {@link
   * ByteSearch#NONE} if it does not end before {@code to}.
   */
  int recordEnd(byte[] bytes, int from, int to);

  /** Whether a record that stops at {@code to} without line end was cut off in the middle. */
  boolean cutOff(byte[] bytes, int from, int to);

  /** Whether this record has more than one column, so that a blank line cannot be one. */
  boolean severalColumns(byte[] bytes, int from, int to);

  /** Whether nothing is in this line, with or without its line end. */
  default boolean blank(byte[] bytes, int from, int to) {
    return bytes[from] == '\n'
        || (bytes[from] == '\r' && (to - from == 1 || bytes[from + 1] == '\n'));
  }

  /** Why the first record shows that the source is not of this format, and what to do. */
  default Optional<String> objection(byte[] bytes, int from, int to) {
    return Optional.empty();
  }
}
