package io.waybill.batch;

import static io.waybill.batch.ByteSearch.NONE;

/**
 * Tab-separated. A backslash takes the next byte with it, a line feed or tab too, as ClickHouse's
 * parser of escaped strings does. A carriage return is data: ClickHouse refuses such files unless
 * {@code input_format_tsv_crlf_end_of_line} is set, and that is its word to say, so it stays.
 */
final class TsvDialect implements Dialect {

  @Override
  public int recordEnd(byte[] bytes, int from, int to) {
    int i = unescaped(bytes, from, to, '\n');
    return i == NONE ? NONE : i + 1;
  }

  @Override
  public boolean cutOff(byte[] bytes, int from, int to) {
    return false;
  }

  @Override
  public boolean severalColumns(byte[] bytes, int from, int to) {
    return unescaped(bytes, from, to, '\t') != NONE;
  }

  private static int unescaped(byte[] bytes, int from, int to, char wanted) {
    int i = ByteSearch.indexOf(bytes, from, to, wanted);
    while (i != NONE && escaped(bytes, from, i)) {
      i = ByteSearch.indexOf(bytes, i + 1, to, wanted);
    }
    return i;
  }

  private static boolean escaped(byte[] bytes, int from, int at) {
    int i = at;
    while (i > from && bytes[i - 1] == '\\') {
      i--;
    }
    return (at - i) % 2 == 1;
  }
}
