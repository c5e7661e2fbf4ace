package io.waybill.app;

import io.waybill.camel.ClickHouses;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.ClickHouseConnection;
import io.waybill.clickhouse.ClickHouseJdbc;
import io.waybill.secret.Credential;
import io.waybill.secret.Credentials;
import io.waybill.secret.Secret;
import io.waybill.vault.HashicorpFunction;
import io.waybill.vault.Vault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * The named connections of a home, by whoever they are made now. {@code clickhouse} is always
 * there. Thread-safe.
 */
final class Connections implements ClickHouses, AutoCloseable {
  /** Name of the connection that flows use when they name none. */
  static final String DEFAULT = "clickhouse";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{hashicorp:(.+)}}");
  private final WaybillConfig config;
  private final Optional<Vault> vault;
  private final Optional<HashicorpFunction> function;
  private final Map<String, ClickHouseConnection> clickHouses = new LinkedHashMap<>();
  private final Map<String, JdbcPool> pools = new LinkedHashMap<>();
  private final Map<String, ClickHouseClient> clients = new ConcurrentHashMap<>();

  Connections(
      WaybillConfig config,
      ClickHouseSupply supply,
      Optional<Vault> vault,
      Optional<HashicorpFunction> function) {
    this.config = config;
    this.vault = vault;
    this.function = function;
    ConnectionConfig given = config.connection(DEFAULT);
    clickHouse(
        DEFAULT,
        supply.url(),
        supply.isEmbedded()
            ? Credentials.fixed(supply.user(), supply.password())
            : credentials(given));
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
                credentials(each)));
      } else {
        clickHouse(each.name(), each.url(), credentials(each));
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
            url, credentials, timeouts.connectTimeout(), timeouts.socketTimeout(), compress);
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

  private Credentials credentials(ConnectionConfig given) {
    if (!given.vaultLease().isEmpty()) {
      return required(given).leased(given.vaultLease());
    }
    if (!given.vaultKv().isEmpty()) {
      return required(given).fromSecret(given.vaultKv(), given.user());
    }
    Matcher user = PLACEHOLDER.matcher(given.user());
    Matcher password = PLACEHOLDER.matcher(given.password().reveal());
    if (!user.matches() && !password.matches()) {
      return Credentials.fixed(given.user(), given.password());
    }
    HashicorpFunction resolver = function.orElseThrow(() -> withoutVault(given));
    return required(given)
        .watched(
            "of connection " + given.name(),
            () ->
                new Credential(
                    user.matches() ? resolver.apply(user.group(1)) : given.user(),
                    password.matches()
                        ? Secret.of(resolver.apply(password.group(1)))
                        : given.password()));
  }

  private Vault required(ConnectionConfig given) {
    return vault.orElseThrow(() -> withoutVault(given));
  }

  private static ConfigurationException withoutVault(ConnectionConfig given) {
    return new ConfigurationException(
        List.of(
            "connection %s takes its credentials from Vault, and waybill.vault.address is not set"
                .formatted(given.name())));
  }

  /** The client of the default connection. */
  ClickHouseClient client() {
    return named(DEFAULT);
  }

  @Override
  public ClickHouseClient named(String name) {
    return clients.computeIfAbsent(
        name.isEmpty() ? DEFAULT : name,
        known -> new ClickHouseClient(required(known), Build.version()));
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

  /** The data sources by name. */
  Map<String, DataSource> dataSources() {
    Map<String, DataSource> all = new LinkedHashMap<>();
    pools.forEach(
        (name, pool) ->
            all.put(
                name,
                clickHouses.containsKey(name)
                    ? ClickHouseJdbc.papered(pool.dataSource())
                    : pool.dataSource()));
    return all;
  }

  @Override
  public void close() {
    clients.values().forEach(ClickHouseClient::close);
    pools.values().forEach(JdbcPool::close);
  }
}
