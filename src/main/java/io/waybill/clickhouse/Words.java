package io.waybill.clickhouse;

/** Makes a server's message fit for logs: one line, no rows, no stack trace, no version. */
final class Words {
  private static final int MOST = 400;

  private Words() {}

  /** A text as the client gives it back in messages: spaces and line ends run together. */
  static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }

  static String withoutValues(String text) {
    String words =
        text.strip()
            .replaceFirst("(?s)\\s*\\(queryId=[^)]*\\)\\s*$", "")
            .replaceFirst("(?s)Stack trace.*", "")
            .replaceFirst("(?s)(Syntax error: failed at position \\d+).*", "$1")
            .replaceFirst("\\s*\\(version [^)]*\\)\\s*", "")
            .replaceFirst("\\s*\\([A-Z][A-Z0-9_]{3,}\\)\\s*$", "")
            .replaceFirst("^Code: \\d+\\. DB::Exception: ", "")
            .replaceFirst("(?s)\\s*\n.*", "")
            // from here on the statement is quoted, and with it perhaps what was sent
            .replaceFirst(":? [Ii]n scope .*", "")
            .replaceFirst(":? [Ww]hile (?:executing|processing) .*", "")
            .replaceFirst("\\.$", "")
            .strip();
    return words.length() > MOST ? words.substring(0, MOST) + "..." : words;
  }
}
