package io.waybill.app;

import io.waybill.secret.Secret;
import java.util.List;

/**
 * A named connection, as it is configured; what is not said is empty.
 *
 * @param name name that routes use
 * @param url {@code http(s)://} of a ClickHouse, or {@code jdbc:} of any database
 * @param user user
 * @param password its password, or a placeholder for it
 * @param vaultKv secret in Vault with user and password
 * @param vaultLease path in Vault that makes user and password
 */
record ConnectionConfig(
    String name, String url, String user, Secret password, String vaultKv, String vaultLease) {
  /** What can be said of each, as {@code waybill.connections.NAME.KEY}. */
  static final List<String> KEYS = List.of("url", "user", "password", "vault-kv", "vault-lease");

  boolean isJdbc() {
    return url.startsWith("jdbc:");
  }
}
