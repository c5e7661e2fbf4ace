package io.waybill.clickhouse;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where ClickHouse is, who asks, and how patient. Immutable; equal settings share one client. Its
 * text form hides the password.
 *
 * @param url HTTP address, for instance {@code https://clickhouse.example:8443}
 * @param user ClickHouse user
 * @param password its password, empty for none
 * @param connectTimeout how long to wait for a connection
 * @param socketTimeout how long to wait for the next byte of an answer; an insert that takes longer
 *     is in doubt
 * @param maxConnections most connections at the same time; further requests wait for one
 * @param compression whether bodies are packed
 * @param caCertificate file with the certificate (PEM) of the authority that signed the server's;
 *     empty for those that Java trusts
 */
public record ClickHouseConnection(
    String url,
    String user,
    String password,
    Duration connectTimeout,
    Duration socketTimeout,
    int maxConnections,
    Compression compression,
    Optional<String> caCertificate) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SOCKET_TIMEOUT = Duration.ofMinutes(5);
  private static final int MAX_CONNECTIONS = 32;

  /**
   * Checks all parts.
   *
   * @throws IllegalArgumentException for an address that is not http or https, a time-out or a
   *     number of connections that is not positive
   */
  public ClickHouseConnection {
    String scheme = URI.create(url).getScheme();
    if (!"http".equals(scheme) && !"https".equals(scheme)) {
      throw new IllegalArgumentException(
          "'" + url + "' is no address of ClickHouse; it begins with http:// or https://");
    }
    if (connectTimeout.isNegative() || connectTimeout.isZero()) {
      throw new IllegalArgumentException("connectTimeout must be positive");
    }
    if (socketTimeout.isNegative() || socketTimeout.isZero()) {
      throw new IllegalArgumentException("socketTimeout must be positive");
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException("maxConnections must be positive");
    }
  }

  /** The defaults: 10 s to connect, 5 min to answer, 32 connections, compression by address. */
  public static ClickHouseConnection of(String url, String user, String password) {
    return new ClickHouseConnection(
        url,
        user,
        password,
        CONNECT_TIMEOUT,
        SOCKET_TIMEOUT,
        MAX_CONNECTIONS,
        Compression.AUTO,
        Optional.empty());
  }

  /** The same server with other credentials. */
  public ClickHouseConnection as(String otherUser, String otherPassword) {
    return new ClickHouseConnection(
        url,
        otherUser,
        otherPassword,
        connectTimeout,
        socketTimeout,
        maxConnections,
        compression,
        caCertificate);
  }

  /** With other patience. */
  public ClickHouseConnection withTimeouts(Duration connect, Duration socket) {
    return new ClickHouseConnection(
        url, user, password, connect, socket, maxConnections, compression, caCertificate);
  }

  /** With more or fewer connections. */
  public ClickHouseConnection withMaxConnections(int most) {
    return new ClickHouseConnection(
        url, user, password, connectTimeout, socketTimeout, most, compression, caCertificate);
  }

  /** With another compression. */
  public ClickHouseConnection withCompression(Compression other) {
    return new ClickHouseConnection(
        url, user, password, connectTimeout, socketTimeout, maxConnections, other, caCertificate);
  }

  /** With an authority of one's own. */
  public ClickHouseConnection withCaCertificate(String file) {
    return new ClickHouseConnection(
        url,
        user,
        password,
        connectTimeout,
        socketTimeout,
        maxConnections,
        compression,
        Optional.of(file));
  }

  @Override
  public String toString() {
    return "ClickHouseConnection[url=" + url + ", user=" + user + ", password=***]";
  }
}
