package io.waybill.policy;

/**
 * A table as a statement names it.
 *
 * @param database the default one if the statement names none
 * @param table {@code *} for all of a database
 */
public record SqlName(String database, String table) {

  @Override
  public String toString() {
    return database + "." + table;
  }
}
