package io.waybill.ledger;

/** What differs between the databases that a ledger can be in; all other SQL serves both. */
enum Dialect {
  SQLITE("sqlite", 9, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?"),
  POSTGRESQL(
      "postgresql",
      2,
      "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = ?");

  private final String scripts;
  private final int latest;
  private final String hasTable;

  Dialect(String scripts, int latest, String hasTable) {
    this.scripts = scripts;
    this.latest = latest;
    this.hasTable = hasTable;
  }

  /** The newest version of the schema; {@code 0001.sql} makes version 1. */
  int latest() {
    return latest;
  }

  /** The resource that makes this version. */
  String script(int version) {
    return "%s/%04d.sql".formatted(scripts, version);
  }

  /** A query that counts the tables of a name. */
  String hasTable() {
    return hasTable;
  }
}
