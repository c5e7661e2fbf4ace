package io.waybill.clickhouse;

import io.waybill.secret.Credentials;
import io.waybill.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * Where a ClickHouse is and who asks it. Immutable; {@link #toString} is the address.
 *
 * @param url HTTP address without a path
 * @param credentials user and password, which may be replaced while we work
 * @param connectTimeout how long connecting may take
 * @param socketTimeout how long an answer may take before its outcome counts as unknown
 * @param compress whether to send LZ4
 * @param role role that is set for all that is asked; empty for those that the user has by default
 */
public record ClickHouseConnection(
    String url,
    Credentials credentials,
    Duration connectTimeout,
    Duration socketTimeout,
    boolean compress,
    String role) {

  public ClickHouseConnection {
    Objects.requireNonNull(url);
    Objects.requireNonNull(credentials);
    Objects.requireNonNull(role);
  }

  /** With the roles that the user has by default. */
  public ClickHouseConnection(
      String url,
      Credentials credentials,
      Duration connectTimeout,
      Duration socketTimeout,
      boolean compress) {
    this(url, credentials, connectTimeout, socketTimeout, compress, "");
  }

  /** For a user whose password never changes. */
  public ClickHouseConnection(
      String url,
      String user,
      String password,
      Duration connectTimeout,
      Duration socketTimeout,
      boolean compress) {
    this(
        url, Credentials.fixed(user, Secret.of(password)), connectTimeout, socketTimeout, compress);
  }

  /**
   * Who asks, for now.
   *
   * @throws io.waybill.secret.CredentialsException if nobody can, now
   */
  public String user() {
    return credentials.current().user();
  }

  /** The same, under another role. */
  public ClickHouseConnection withRole(String other) {
    return new ClickHouseConnection(
        url, credentials, connectTimeout, socketTimeout, compress, other);
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
    return url;
  }
}
