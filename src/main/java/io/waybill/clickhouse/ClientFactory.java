package io.waybill.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import java.time.temporal.ChronoUnit;

/** Sets what client-v2's defaults get wrong for exactly-once inserts. */
final class ClientFactory {
  private ClientFactory() {}

  static Client build(ClickHouseConnection connection) {
    boolean packs = connection.compression().packs(connection.url());
    Client.Builder builder =
        new Client.Builder()
            .addEndpoint(connection.url())
            .setUsername(connection.user())
            .setPassword(connection.password())
            .setClientName(ClientName.of())
            .setConnectTimeout(connection.connectTimeout().toMillis(), ChronoUnit.MILLIS)
            .setConnectionRequestTimeout(connection.connectTimeout().toMillis(), ChronoUnit.MILLIS)
            .setSocketTimeout(connection.socketTimeout().toMillis(), ChronoUnit.MILLIS)
            .setMaxConnections(connection.maxConnections())
            // by default three blind repetitions; who repeats an insert is decided by the verdict
            .setMaxRetries(0)
            .retryOnFailures(ClientFaultCause.None)
            // in the caller's thread: when an insert returns nobody reads its body any more
            .useAsyncRequests(false)
            .compressClientRequest(packs)
            .compressServerResponse(packs);
    connection.caCertificate().ifPresent(builder::setRootCertificate);
    return builder.build();
  }
}
