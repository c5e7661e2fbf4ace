package io.waybill.batch;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the beginning of a source tells about the rest. The window stands behind byte order mark and
 * header line afterwards.
 */
final class Preamble {
  private static final int BOM_LENGTH = 3;

  /** The shortest limit for first records: what was planned must be readable with any limits. */
  private static final int LOOK_AHEAD = Window.SIZE;

  private final byte[] header;
  private final boolean blankLinesCount;
  private final boolean decided;
  private final boolean headerCutOff;

  private Preamble(byte[] header, boolean blankLinesCount, boolean decided, boolean headerCutOff) {
    this.header = header;
    this.blankLinesCount = blankLinesCount;
    this.decided = decided;
    this.headerCutOff = headerCutOff;
  }

  /** The header line with its line end, as it is; empty for formats without. Not to be changed. */
  byte[] header() {
    return header;
  }

  /** Whether a blank line is a record, since there is only one column. */
  boolean blankLinesCount() {
    return blankLinesCount;
  }

  /** Whether {@link #blankLinesCount()} is certain; if not, the first record has not ended yet. */
  boolean decided() {
    return decided;
  }

  /** Whether the source ends inside a quote of the header line. */
  boolean headerCutOff() {
    return headerCutOff;
  }

  static Preamble read(
      Window window,
      Format format,
      Dialect dialect,
      RecordFinder finder,
      long recordBytes,
      String location)
      throws IOException {
    window.more();
    TextCheck.require(window, location);
    if (startsWithBom(window)) {
      window.consume(BOM_LENGTH);
    }
    long most = Math.max(recordBytes, LOOK_AHEAD);
    return format.hasHeader()
        ? withHeader(window, dialect, finder, most)
        : withoutHeader(window, dialect, finder, most, location);
  }

  private static boolean startsWithBom(Window window) {
    byte[] bytes = window.bytes();
    return window.available() >= BOM_LENGTH
        && bytes[0] == (byte) 0xef
        && bytes[1] == (byte) 0xbb
        && bytes[2] == (byte) 0xbf;
  }

  private static Preamble withHeader(Window window, Dialect dialect, RecordFinder finder, long most)
      throws IOException {
    int length = finder.lengthAt(0, Long.MAX_VALUE, most);
    while (length != ByteSearch.NONE
        && dialect.blank(window.bytes(), window.start(), window.start() + length)) {
      window.consume(length);
      length = finder.lengthAt(0, Long.MAX_VALUE, most);
    }
    int from = window.start();
    if (length == ByteSearch.NONE) {
      boolean cutOff = dialect.cutOff(window.bytes(), from, window.end());
      window.consume(window.available());
      return new Preamble(new byte[0], false, true, cutOff);
    }
    byte[] header = Arrays.copyOfRange(window.bytes(), from, from + length);
    window.consume(length);
    return new Preamble(header, !dialect.severalColumns(header, 0, length), true, false);
  }

  private static Preamble withoutHeader(
      Window window, Dialect dialect, RecordFinder finder, long most, String location)
      throws IOException {
    int ahead = 0;
    int length = finder.lengthAt(0, Long.MAX_VALUE, most);
    while (length != ByteSearch.NONE && ahead < LOOK_AHEAD) {
      int from = window.start() + ahead;
      if (!dialect.blank(window.bytes(), from, from + length)) {
        return first(window, dialect, ahead, length, true, location);
      }
      ahead += length;
      length = finder.lengthAt(ahead, Long.MAX_VALUE, most);
    }
    // after so many blank lines they are taken for records, whatever follows
    boolean ended = length != ByteSearch.NONE;
    int rest = ended ? 0 : window.available() - ahead;
    return first(window, dialect, ahead, rest, ended, location);
  }

  private static Preamble first(
      Window window, Dialect dialect, int ahead, int length, boolean ended, String location)
      throws SourceFormatException {
    int from = window.start() + ahead;
    Optional<String> objection = dialect.objection(window.bytes(), from, from + length);
    if (objection.isPresent()) {
      throw SourceFormatException.at(location, window.offset() + ahead, objection.get());
    }
    boolean several = dialect.severalColumns(window.bytes(), from, from + length);
    return new Preamble(new byte[0], !several, ended || several, false);
  }
}
