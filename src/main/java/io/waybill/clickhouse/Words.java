package io.waybill.clickhouse;

/** Makes a server's message fit for logs: one line, no rows, no stack trace, no version. */
final class Words {
  private static final int MOST = 400;

  private Words() {}

  static String withoutValues(String text) {
    String words =
        text.strip()
            .replaceFirst("^Code: \\d+\\. DB::Exception: ", "")
            .replaceFirst("(?s)Stack trace.*", "")
            .replaceFirst("\\(version [^)]*\\)", "")
            .replaceFirst("\\([A-Z][A-Z0-9_]{3,}\\)\\s*$", "")
            .replaceFirst("(?s)\\s*\n.*", "")
            .strip();
    return words.length() > MOST ? words.substring(0, MOST) + "..." : words;
  }
}
