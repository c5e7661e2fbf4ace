package io.waybill.camel;

/**
 * Who asks ClickHouse.
 *
 * @param connection named connection; empty for the default one
 * @param role role of ClickHouse that is set for all that is asked; empty for those that the
 *     connection's user has by default
 */
public record Account(String connection, String role) {
  /** The default connection as it is. */
  public static final Account DEFAULT = new Account("", "");
}
