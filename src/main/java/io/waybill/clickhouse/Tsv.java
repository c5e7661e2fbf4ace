package io.waybill.clickhouse;

/** Values in ClickHouse's TSV. */
final class Tsv {
  private Tsv() {}

  static String unescape(String value) {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    StringBuilder plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\\' || i == value.length() - 1) {
        plain.append(c);
        continue;
      }
      i++;
      char escaped = value.charAt(i);
      plain.append(
          switch (escaped) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '0' -> '\0';
            default -> escaped;
          });
    }
    return plain.toString();
  }
}
