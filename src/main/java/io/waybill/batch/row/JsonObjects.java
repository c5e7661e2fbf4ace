package io.waybill.batch.row;

import io.waybill.batch.BatchWriter;
import io.waybill.batch.ByteSearch;
import java.util.Arrays;

/**
 * Copies the objects of a JSON text in memory, one object, several, or an array of them, each on a
 * line of its own and otherwise as they are: nothing is parsed but brackets and quotes. Used by one
 * thread.
 */
public final class JsonObjects {
  private static final int NONE = ByteSearch.NONE;
  private int[] bounds = new int[2];
  private int count;
  private boolean breaks;

  /**
   * Copies.
   *
   * @param fields what is put into each object in front of its own fields, as {@code "a":1,"b":2};
   *     may be empty
   * @return how many objects there were; 0, with nothing written, if the text is made of anything
   *     else
   */
  public int copy(byte[] text, byte[] fields, BatchWriter out) {
    if (!find(text)) {
      return 0;
    }
    byte[] whole = breaks ? onOneLine(text) : text;
    for (int i = 0; i < count; i++) {
      write(whole, bounds[2 * i], bounds[2 * i + 1], fields, out);
    }
    return count;
  }

  /** Between values an end of line is a blank like any other. */
  private static byte[] onOneLine(byte[] text) {
    byte[] line = text.clone();
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] == '\n' || line[i] == '\r' ? (byte) ' ' : line[i];
    }
    return line;
  }

  private static void write(byte[] text, int from, int to, byte[] fields, BatchWriter out) {
    if (fields.length > 0) {
      out.write('{');
      out.write(fields, 0, fields.length);
      if (text[blanks(text, from + 1)] != '}') {
        out.write(',');
      }
      out.write(text, from + 1, to - from - 1);
    } else {
      out.write(text, from, to - from);
    }
    out.write('\n');
  }

  private boolean find(byte[] text) {
    count = 0;
    breaks = ByteSearch.indexOfEither(text, 0, text.length, '\n', '\r') != ByteSearch.NONE;
    int at = blanks(text, 0);
    boolean array = is(text, at, '[');
    at = array ? blanks(text, at + 1) : at;
    while (is(text, at, '{')) {
      int end = objectEnd(text, at);
      if (end == NONE) {
        return false;
      }
      note(at, end);
      at = blanks(text, end);
      if (array && is(text, at, ',')) {
        at = blanks(text, at + 1);
        if (!is(text, at, '{')) {
          return false;
        }
      } else if (array) {
        break;
      }
    }
    if (array) {
      return count > 0 && is(text, at, ']') && blanks(text, at + 1) == text.length;
    }
    return count > 0 && at == text.length;
  }

  private void note(int from, int to) {
    if (bounds.length < 2 * (count + 1)) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[2 * count] = from;
    bounds[2 * count + 1] = to;
    count++;
  }

  /** The index behind the bracket that closes the first one. */
  private static int objectEnd(byte[] text, int from) {
    int depth = 0;
    for (int i = from; i < text.length; i++) {
      byte b = text[i];
      if (b == '"') {
        i = stringEnd(text, i + 1);
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return NONE;
  }

  /** The index of the quote that ends a string; the length of the text if none does. */
  private static int stringEnd(byte[] text, int from) {
    int i = ByteSearch.indexOfEither(text, from, text.length, '"', '\\');
    while (i != NONE && text[i] == '\\') {
      i =
          i + 2 < text.length
              ? ByteSearch.indexOfEither(text, i + 2, text.length, '"', '\\')
              : NONE;
    }
    return i == NONE ? text.length : i;
  }

  private static boolean is(byte[] text, int at, char wanted) {
    return at < text.length && text[at] == wanted;
  }

  private static int blanks(byte[] text, int from) {
    int i = from;
    while (i < text.length
        && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n')) {
      i++;
    }
    return i;
  }
}
