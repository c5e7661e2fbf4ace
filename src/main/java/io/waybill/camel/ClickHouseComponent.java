package io.waybill.camel;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.ClickHouseConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
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
  private final ClickHouseClient configured;
  private final Function<String, Optional<ClickHouseConnection>> named;
  private final Retries retries;
  private final Clock clock;
  private final String version;
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
   * @param configured of the default connection
   * @param named connections by name
   */
  public ClickHouseComponent(
      ClickHouseClient configured,
      Function<String, Optional<ClickHouseConnection>> named,
      Retries retries,
      Clock clock,
      String version) {
    this.configured = configured;
    this.named = named;
    this.retries = retries;
    this.clock = clock;
    this.version = version;
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
    if (endpoint.getClient() != null) {
      return endpoint.getClient();
    }
    ClickHouseConnection connection = endpoint.connection(named(endpoint.getConnection()));
    return connection.equals(configured.connection())
        ? configured
        : clients.computeIfAbsent(connection, to -> new ClickHouseClient(to, version));
  }

  private ClickHouseConnection named(String name) {
    return name == null
        ? configured.connection()
        : named
            .apply(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no connection %s to a ClickHouse; set waybill.connections.%s.url"
                            .formatted(name, name)));
  }

  Retries retries() {
    return retries;
  }

  Clock clock() {
    return clock;
  }

  @Override
  protected void doShutdown() throws Exception {
    clients.values().forEach(ClickHouseClient::close);
    super.doShutdown();
  }
}
