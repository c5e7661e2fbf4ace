package io.waybill.delivery;

/** A table with its database. Immutable. */
public record TableName(String database, String table) {
  public TableName {
    if (database.isBlank() || table.isBlank()) {
      throw new IllegalArgumentException("a table is named database.table");
    }
  }

  /**
   * The table of this text.
   *
   * @param text {@code database.table}
   * @throws IllegalArgumentException if one of the two is missing
   */
  public static TableName parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 1 || dot == text.length() - 1) {
      throw new IllegalArgumentException(
          "'" + text + "' is no table; a table is named database.table");
    }
    return new TableName(text.substring(0, dot), text.substring(dot + 1));
  }

  /** Both names in backquotes, as they may stand in SQL. */
  public String quoted() {
    return quote(database) + "." + quote(table);
  }

  /** One identifier in backquotes. */
  public static String quote(String identifier) {
    return "`" + identifier.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }

  @Override
  public String toString() {
    return database + "." + table;
  }
}
