package io.waybill.app;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.Tables;
import io.waybill.delivery.TableName;
import io.waybill.lineage.Places;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Asks the ClickHouse of each flow for its columns. Thread-safe. */
final class LineagePlaces implements Places {
  private static final int DEFAULT_PORT = 8123;
  private static final int DEFAULT_TLS_PORT = 8443;
  private volatile Optional<Function<String, ClickHouseClient>> clients = Optional.empty();

  /** Asks by these from now on; before that nothing is known. */
  void connect(Function<String, ClickHouseClient> clientOfFlow) {
    clients = Optional.of(clientOfFlow);
  }

  @Override
  public String namespace(String flow) {
    return clients
        .map(each -> URI.create(each.apply(flow).connection().url()))
        .map(url -> "clickhouse://%s:%d".formatted(url.getHost(), port(url)))
        .orElse("clickhouse");
  }

  private static int port(URI url) {
    if (url.getPort() > 0) {
      return url.getPort();
    }
    return "https".equals(url.getScheme()) ? DEFAULT_TLS_PORT : DEFAULT_PORT;
  }

  @Override
  public List<Column> columns(String flow, TableName table) {
    if (clients.isEmpty()) {
      return List.of();
    }
    try {
      return new Tables(clients.get().apply(flow))
          .columns(table).stream().map(each -> new Column(each.name(), each.type())).toList();
    } catch (QueryFailedException e) {
      return List.of(); // the event goes without a schema: it must not wait for ClickHouse
    }
  }
}
