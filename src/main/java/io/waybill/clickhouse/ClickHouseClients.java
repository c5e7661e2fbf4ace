package io.waybill.clickhouse;

import java.util.HashMap;
import java.util.Map;

/**
 * One client for all who ask with equal settings and credentials. Thread-safe. Closing it closes
 * all clients that it gave out; nobody else closes them.
 */
public final class ClickHouseClients implements AutoCloseable {
  private final Map<ClickHouseConnection, ClickHouseClient> clients = new HashMap<>();
  private boolean closed;

  /**
   * The client of these settings.
   *
   * @throws IllegalStateException when this registry is closed
   */
  public synchronized ClickHouseClient of(ClickHouseConnection connection) {
    if (closed) {
      throw new IllegalStateException("the ClickHouse clients are closed");
    }
    return clients.computeIfAbsent(connection, ClickHouseClient::new);
  }

  /** Forgets credentials that were rotated away; requests that run on them get an exception. */
  public synchronized void retire(ClickHouseConnection connection) {
    ClickHouseClient client = clients.remove(connection);
    if (client != null) {
      client.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    clients.values().forEach(ClickHouseClient::close);
    clients.clear();
  }
}
