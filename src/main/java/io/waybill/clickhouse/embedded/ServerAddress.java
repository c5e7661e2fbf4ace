package io.waybill.clickhouse.embedded;

/**
 * How to ask a running server. Immutable; {@link #toString()} leaves the password out.
 *
 * @param url HTTP address without a path, on the loopback
 * @param user user with all rights
 * @param password its password, made anew at each start of the owner
 * @param port the HTTP port
 * @param pid process id of the server
 * @param ownerPid process id of the Waybill process that started it
 */
public record ServerAddress(
    String url, String user, String password, int port, long pid, long ownerPid) {

  @Override
  public String toString() {
    return "%s as %s (pid %d, started by pid %d)".formatted(url, user, pid, ownerPid);
  }
}
