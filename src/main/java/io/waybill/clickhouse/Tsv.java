package io.waybill.clickhouse;

/** Values in ClickHouse's TSV. */
final class Tsv {
  private Tsv() {}

  static String unescape(String value) {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    StringBuilder plain = new StringBuilder(value.length());
    int at = 0;
    while (at < value.length()) {
      char c = value.charAt(at);
      if (c == '\\' && at + 1 < value.length()) {
        at++;
        c = meaning(value.charAt(at));
      }
      plain.append(c);
      at++;
    }
    return plain.toString();
  }

  private static char meaning(char escaped) {
    return switch (escaped) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '0' -> '\0';
      default -> escaped;
    };
  }
}
