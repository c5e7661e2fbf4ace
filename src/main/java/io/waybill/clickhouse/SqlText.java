package io.waybill.clickhouse;

/** Text in SQL. */
final class SqlText {
  private SqlText() {}

  /** A string literal. */
  static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
