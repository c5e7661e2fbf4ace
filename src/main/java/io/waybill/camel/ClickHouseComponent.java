package io.waybill.camel;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.ClickHouseConnection;
import io.waybill.delivery.InsertWatch;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;

/**
 * The {@code clickhouse:} component. Endpoints with the same credentials share one client; those
 * that name no server use the configured ClickHouse.
 */
@Component("clickhouse")
public final class ClickHouseComponent extends DefaultComponent {
  private static final String SETTINGS = "settings.";
  private final ClickHouses named;
  private final Retries retries;
  private final Clock clock;
  private final String version;
  private final InsertWatch watch;
  private final FlowRights rights;
  private final Map<ClickHouseConnection, ClickHouseClient> clients = new ConcurrentHashMap<>();

  /**
   * When retrying a planned batch ends in a hold.
   *
   * @param maxElapsed how long after its first failure
   * @param horizon how long tables surely remember the tokens of batches
   */
  public record Retries(Duration maxElapsed, Duration horizon) {}

  /**
   * With these clients.
   *
   * @param named those of connections
   * @param watch sees each attempt to insert a batch
   * @param rights as whom steps of routes ask, and whether they may
   */
  public ClickHouseComponent(
      ClickHouses named,
      Retries retries,
      Clock clock,
      String version,
      InsertWatch watch,
      FlowRights rights) {
    this.named = named;
    this.retries = retries;
    this.clock = clock;
    this.version = version;
    this.watch = watch;
    this.rights = rights;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    ClickHouseEndpoint endpoint = new ClickHouseEndpoint(uri, this, remaining);
    endpoint.setSettings(
        ServerSettings.of(PropertiesHelper.extractProperties(parameters, SETTINGS)));
    setProperties(endpoint, parameters);
    return endpoint;
  }

  /** The client of an endpoint. */
  ClickHouseClient client(ClickHouseEndpoint endpoint) {
    return client(endpoint, new Account(endpoint.getConnection(), ""));
  }

  /** The client of an endpoint, as an account. */
  ClickHouseClient client(ClickHouseEndpoint endpoint, Account account) {
    if (endpoint.getClient() != null) {
      return endpoint.getClient();
    }
    ClickHouseClient configured = of(account);
    ClickHouseConnection connection = endpoint.connection(configured.connection());
    return connection.equals(configured.connection())
        ? configured
        : clients.computeIfAbsent(connection, to -> new ClickHouseClient(to, version));
  }

  /** The client of an account. */
  ClickHouseClient of(Account account) {
    return named.of(account);
  }

  FlowRights rights() {
    return rights;
  }

  Retries retries() {
    return retries;
  }

  Clock clock() {
    return clock;
  }

  InsertWatch watch() {
    return watch;
  }

  @Override
  protected void doShutdown() throws Exception {
    clients.values().forEach(ClickHouseClient::close);
    super.doShutdown();
  }
}
