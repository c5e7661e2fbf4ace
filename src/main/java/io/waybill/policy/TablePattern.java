package io.waybill.policy;

import java.util.regex.Pattern;

/**
 * Names of tables, as {@code prod.*} or {@code staging_*.trips}; a {@code *} stands for any part of
 * one name. Case matters, as in ClickHouse. Immutable.
 */
public final class TablePattern {
  private final String text;
  private final Pattern database;
  private final Pattern table;

  private TablePattern(String text, Pattern database, Pattern table) {
    this.text = text;
    this.database = database;
    this.table = table;
  }

  /**
   * Reads {@code database.table}.
   *
   * @throws IllegalArgumentException if one of the two is missing
   */
  public static TablePattern parse(String text) {
    int dot = text.indexOf('.');
    if (dot < 1 || dot == text.length() - 1) {
      throw new IllegalArgumentException(
          "'" + text + "' is no pattern of tables; write database.table, as in staging.*");
    }
    return new TablePattern(
        text, NamePattern.of(text.substring(0, dot)), NamePattern.of(text.substring(dot + 1)));
  }

  /** Whether it means this table. */
  public boolean matches(String database, String table) {
    return matchesDatabase(database) && this.table.matcher(table).matches();
  }

  /** Whether it means tables of this database. */
  public boolean matchesDatabase(String database) {
    return this.database.matcher(database).matches();
  }

  /** The part in front of the dot. */
  String database() {
    return text.substring(0, text.indexOf('.'));
  }

  /** The part behind it. */
  String table() {
    return text.substring(text.indexOf('.') + 1);
  }

  /** Whether some table is meant by both. */
  boolean overlaps(TablePattern other) {
    return Globs.overlap(database(), other.database()) && Globs.overlap(table(), other.table());
  }

  /** As it is written. */
  @Override
  public String toString() {
    return text;
  }
}
