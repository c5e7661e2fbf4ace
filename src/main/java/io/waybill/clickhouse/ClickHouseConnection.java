package io.waybill.clickhouse;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Where a ClickHouse is and who asks it. Immutable; {@link #toString} leaves the password out.
 *
 * @param url HTTP address without a path
 * @param user user
 * @param password its password; never printed
 * @param connectTimeout how long connecting may take
 * @param socketTimeout how long an answer may take before its outcome counts as unknown
 * @param compress whether to send LZ4
 */
public record ClickHouseConnection(
    String url,
    String user,
    String password,
    Duration connectTimeout,
    Duration socketTimeout,
    boolean compress) {

  public ClickHouseConnection {
    Objects.requireNonNull(url);
    Objects.requireNonNull(user);
    Objects.requireNonNull(password);
  }

  /** Whether the server is on this machine, where compressing costs more than it saves. */
  public static boolean isLocal(String url) {
    String host = URI.create(url).getHost();
    return "localhost".equals(host)
        || "[::1]".equals(host)
        || (host != null && host.startsWith("127."));
  }

  @Override
  public String toString() {
    return user + " at " + url;
  }
}
