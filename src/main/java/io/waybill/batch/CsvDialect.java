package io.waybill.batch;

import static io.waybill.batch.ByteSearch.NONE;

/**
 * CSV with commas. A double quote opens a quoted field only where a field begins, blanks and tabs
 * before it set aside; elsewhere it is data. Inside, two quotes are one and line breaks are data. A
 * single quote is data, since {@code format_csv_allow_single_quotes} is off, and so is a carriage
 * return without a line feed.
 */
final class CsvDialect implements Dialect {

  @Override
  public int recordEnd(byte[] bytes, int from, int to) {
    int i = from;
    while (true) {
      i = ByteSearch.indexOfEither(bytes, i, to, '\n', '"');
      if (i == NONE) {
        return NONE;
      }
      if (bytes[i] == '\n') {
        return i + 1;
      }
      i = opensField(bytes, from, i) ? behindQuoted(bytes, i + 1, to) : i + 1;
      if (i == NONE) {
        return NONE;
      }
    }
  }

  @Override
  public boolean cutOff(byte[] bytes, int from, int to) {
    int i = ByteSearch.indexOf(bytes, from, to, '"');
    while (i != NONE) {
      int behind = opensField(bytes, from, i) ? behindQuoted(bytes, i + 1, to) : i + 1;
      if (behind == NONE) {
        return true;
      }
      i = ByteSearch.indexOf(bytes, behind, to, '"');
    }
    return false;
  }

  @Override
  public boolean severalColumns(byte[] bytes, int from, int to) {
    int i = ByteSearch.indexOfEither(bytes, from, to, ',', '"');
    while (i != NONE && bytes[i] != ',') {
      int behind = opensField(bytes, from, i) ? behindQuoted(bytes, i + 1, to) : i + 1;
      i = behind == NONE ? NONE : ByteSearch.indexOfEither(bytes, behind, to, ',', '"');
    }
    return i != NONE;
  }

  private static boolean opensField(byte[] bytes, int recordStart, int quote) {
    int i = quote - 1;
    while (i >= recordStart && (bytes[i] == ' ' || bytes[i] == '\t')) {
      i--;
    }
    return i < recordStart || bytes[i] == ',';
  }

  private static int behindQuoted(byte[] bytes, int from, int to) {
    int i = ByteSearch.indexOf(bytes, from, to, '"');
    while (i != NONE && i + 1 < to && bytes[i + 1] == '"') {
      i = ByteSearch.indexOf(bytes, i + 2, to, '"');
    }
    return i == NONE ? NONE : i + 1;
  }
}
