package io.waybill.batch.row;

import io.waybill.batch.SourceFormatException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Puts the objects of a JSON text, one array or one after the other, on a line of their own,
 * otherwise as they are: nothing is parsed but brackets and quotes. Used once, by one thread.
 */
public final class JsonLines {
  private final InputStream in;
  private final OutputStream out;
  private long offset;
  private int next;

  private JsonLines(InputStream in, OutputStream out) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.out = out;
  }

  /**
   * Copies.
   *
   * @throws SourceFormatException naming the byte, if the text is not made of objects
   */
  public static void copy(InputStream in, OutputStream out) throws IOException {
    JsonLines lines = new JsonLines(in, out);
    lines.take();
    lines.copy();
  }

  /** What a text begins with, blanks apart; 0 if these are its first bytes and all are blanks. */
  public static char first(byte[] head) {
    for (byte b : head) {
      if (!isBlank(b)) {
        return (char) (b & 0xff);
      }
    }
    return 0;
  }

  private void copy() throws IOException {
    skipBlanks();
    boolean array = next == '[';
    if (array) {
      take();
      skipBlanks();
    }
    while (next == '{') {
      object();
      skipBlanks();
      if (array && next == ',') {
        take();
        skipBlanks();
        require(next == '{', "an object is missing after a comma");
      }
    }
    if (array) {
      require(next == ']', "an array of rows holds objects only");
      take();
      skipBlanks();
    }
    require(next < 0, "a row is a JSON object; something else is here");
  }

  private void object() throws IOException {
    int depth = 0;
    boolean quoted = false;
    do {
      require(next >= 0, "the text ends within an object");
      if (next == '\\' && quoted) {
        write();
        require(next >= 0, "the text ends within an object");
      } else if (next == '"') {
        quoted = !quoted;
      } else if (!quoted && (next == '{' || next == '[')) {
        depth++;
      } else if (!quoted && (next == '}' || next == ']')) {
        depth--;
      }
      write();
    } while (depth > 0);
    out.write('\n');
  }

  private void write() throws IOException {
    // between values an end of line is a blank like any other
    out.write(next == '\n' || next == '\r' ? ' ' : next);
    take();
  }

  private void skipBlanks() throws IOException {
    while (isBlank(next)) {
      take();
    }
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private void take() throws IOException {
    next = in.read();
    offset++;
  }

  private void require(boolean holds, String problem) throws SourceFormatException {
    if (!holds) {
      throw new SourceFormatException("byte " + (offset - 1) + ": " + problem);
    }
  }
}
