package io.waybill.batch;

import java.nio.charset.StandardCharsets;

/** Refuses what cannot be text in UTF-8 before a byte of it is sent. */
final class TextCheck {
  private static final int LOOKED_AT = 8 * 1024;

  private TextCheck() {}

  /** Looks at the first bytes in the window, which stands at the beginning of the stream. */
  static void require(Window window, String location) throws SourceFormatException {
    byte[] bytes = window.bytes();
    int length = Math.min(LOOKED_AT, window.available());
    if (startsWith(bytes, length, "\u00ff\u00fe") || startsWith(bytes, length, "\u00fe\u00ff")) {
      throw SourceFormatException.at(
          location, 0, "the text is UTF-16; convert it with iconv -f UTF-16 -t UTF-8 FILE > NEW");
    }
    for (int i = 0; i < length; i++) {
      if (bytes[i] == 0) {
        throw SourceFormatException.at(
            location, i, "a NUL byte, so this is not text; " + remedy(bytes, length));
      }
    }
  }

  private static String remedy(byte[] bytes, int length) {
    if (startsWith(bytes, length, "PK\u0003\u0004")) {
      return "it looks like a zip archive or a spreadsheet: unpack it, or save it as CSV";
    }
    if (startsWith(bytes, length, "PAR1")) {
      return "it looks like Parquet: convert it to one of the text formats";
    }
    if (startsWith(bytes, length, "BZh") || startsWith(bytes, length, "\u00fd7zXZ")) {
      return "it looks packed by bzip2 or xz: unpack it, or pack it with gzip or zstd";
    }
    return "convert it to UTF-8 text (from UTF-16: iconv -f UTF-16LE -t UTF-8 FILE > NEW)";
  }

  private static boolean startsWith(byte[] bytes, int length, String latin1) {
    byte[] wanted = latin1.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < wanted.length; i++) {
      if (i >= length || bytes[i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
