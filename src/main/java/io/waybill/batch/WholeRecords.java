package io.waybill.batch;

import java.util.OptionalLong;

/** Tells whether a text may stand before others in one source: its last record ends with it. */
public final class WholeRecords {
  private WholeRecords() {}

  /**
   * How many records a text has.
   *
   * @param text with the line end of its last record
   * @return empty if the last one would go on in what comes behind, as within a quote
   */
  public static OptionalLong count(Format format, byte[] text) {
    Dialect dialect = Dialect.of(format);
    long records = 0;
    int from = 0;
    while (from < text.length) {
      int end = dialect.recordEnd(text, from, text.length);
      if (end == ByteSearch.NONE) {
        return OptionalLong.empty();
      }
      records++;
      from = end;
    }
    return OptionalLong.of(records);
  }
}
