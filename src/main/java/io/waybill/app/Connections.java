package io.waybill.app;

import io.waybill.camel.Account;
import io.waybill.camel.ClickHouses;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.ClickHouseConnection;
import io.waybill.clickhouse.ClickHouseJdbc;
import io.waybill.clickhouse.StatementGuard;
import io.waybill.secret.Credentials;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * The named connections of a home, by whoever they are made now. {@code clickhouse} is always
 * there. Thread-safe.
 */
final class Connections implements ClickHouses, AutoCloseable {
  /** Name of the connection that flows use when they name none. */
  static final String DEFAULT = "clickhouse";

  private final WaybillConfig config;
  private final Map<String, ClickHouseConnection> clickHouses = new LinkedHashMap<>();
  private final Map<String, JdbcPool> pools = new LinkedHashMap<>();
  private final Map<String, Credentials> identities = new LinkedHashMap<>();
  private final Map<Account, ClickHouseClient> clients = new ConcurrentHashMap<>();

  Connections(WaybillConfig config, ClickHouseSupply supply, ConnectionCredentials credentials) {
    this.config = config;
    ConnectionConfig given = config.connection(DEFAULT);
    clickHouse(
        DEFAULT,
        supply.url(),
        supply.isEmbedded()
            ? Credentials.fixed(supply.user(), supply.password())
            : credentials.of(given));
    for (ConnectionConfig each : config.connections()) {
      if (each.name().equals(DEFAULT)) {
        continue;
      }
      if (each.isJdbc()) {
        pools.put(
            each.name(),
            new JdbcPool(
                new JdbcPool.Place(
                    each.name(), each.url(), Map.of(), config.clickHouse().connectTimeout()),
                identified(each.name(), credentials.of(each))));
      } else {
        clickHouse(each.name(), each.url(), credentials.of(each));
      }
    }
  }

  private void clickHouse(String name, String url, Credentials credentials) {
    WaybillConfig.ClickHouse timeouts = config.clickHouse();
    boolean compress =
        timeouts.compression().equals("lz4")
            || (timeouts.compression().equals("auto") && !ClickHouseConnection.isLocal(url));
    ClickHouseConnection connection =
        new ClickHouseConnection(
            url,
            identified(name, credentials),
            timeouts.connectTimeout(),
            timeouts.socketTimeout(),
            compress);
    clickHouses.put(name, connection);
    pools.put(
        name,
        new JdbcPool(
            new JdbcPool.Place(
                name,
                ClickHouseJdbc.url(connection),
                ClickHouseJdbc.properties(connection, Build.version()),
                connection.connectTimeout()),
            credentials));
  }

  private Credentials identified(String name, Credentials credentials) {
    identities.put(name, credentials);
    return credentials;
  }

  /** Who asks at a connection, as far as that is known. */
  Optional<Credentials.Known> known(String name) {
    return Optional.ofNullable(identities.get(name)).flatMap(Credentials::known);
  }

  /** The client of the default connection. */
  ClickHouseClient client() {
    return of(Account.DEFAULT);
  }

  /** Each role has a client of its own: what one may do is never asked as another. */
  @Override
  public ClickHouseClient of(Account account) {
    String name = account.connection().isEmpty() ? DEFAULT : account.connection();
    return clients.computeIfAbsent(
        new Account(name, account.role()),
        known ->
            new ClickHouseClient(
                required(known.connection()).withRole(known.role()), Build.version()));
  }

  private ClickHouseConnection required(String name) {
    ClickHouseConnection found = clickHouses.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "there is no connection %s to a ClickHouse; set waybill.connections.%s.url"
              .formatted(name, name));
    }
    return found;
  }

  /**
   * The data sources by name.
   *
   * @param guard decides on statements for ClickHouse that no step of a route asks
   */
  Map<String, DataSource> dataSources(StatementGuard guard) {
    Map<String, DataSource> all = new LinkedHashMap<>();
    pools.forEach(
        (name, pool) ->
            all.put(
                name,
                clickHouses.containsKey(name)
                    ? ClickHouseJdbc.papered(name, this::clickHouse, () -> guard)
                    : pool.dataSource()));
    return all;
  }

  private DataSource clickHouse(String name) {
    var unused = required(name);
    return pools.get(name).dataSource();
  }

  @Override
  public void close() {
    clients.values().forEach(ClickHouseClient::close);
    pools.values().forEach(JdbcPool::close);
  }
}
