package io.waybill.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.CompressionMethod;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Asks one ClickHouse as one user. Bodies are written in the calling thread: when a call returns,
 * nobody reads them any more. Nothing is retried here. Thread-safe.
 */
public final class ClickHouseClient implements AutoCloseable {
  private static final int CONNECTIONS = 32;
  private static final String SUMMARY = "x-clickhouse-summary";
  private static final String EXCEPTION = "x-clickhouse-exception-code";
  private final ClickHouseConnection connection;
  private final Client client;

  public ClickHouseClient(ClickHouseConnection connection, String version) {
    this.connection = connection;
    this.client =
        new Client.Builder()
            .addEndpoint(connection.url())
            .setUsername(connection.user())
            .setPassword(connection.password())
            .setClientName("waybill/" + version)
            // the defaults: three blind re-sends, an infinite time-out, ZSTD
            .setMaxRetries(0)
            .setSocketTimeout(connection.socketTimeout().toMillis(), ChronoUnit.MILLIS)
            .setConnectTimeout(connection.connectTimeout().toMillis(), ChronoUnit.MILLIS)
            .compressClientRequest(connection.compress())
            .compressServerResponse(connection.compress())
            .compressionMethod(CompressionMethod.LZ4)
            .setMaxConnections(CONNECTIONS)
            .useAsyncRequests(false)
            .build();
  }

  /** Where it is and who asks. */
  public ClickHouseConnection connection() {
    return connection;
  }

  /**
   * Inserts in one request.
   *
   * @throws InsertFailedException with all that is known of why, and of whether it was applied
   */
  public InsertAnswer insert(InsertRequest request) {
    InsertSettings settings = new InsertSettings();
    request.settings().forEach(settings::serverSetting);
    if (!request.token().isEmpty()) {
      settings.setDeduplicationToken(request.token());
    }
    if (!request.queryId().isEmpty()) {
      settings.setQueryId(request.queryId());
    }
    if (!request.logComment().isEmpty()) {
      settings.logComment(request.logComment());
    }
    if (!request.role().isEmpty()) {
      settings.setDBRoles(List.of(request.role()));
    }
    try (InsertResponse response = await(send(request, settings))) {
      return answer(request, response);
    } catch (RuntimeException e) {
      throw InsertFailedException.of(e);
    }
  }

  private CompletableFuture<InsertResponse> send(InsertRequest request, InsertSettings settings) {
    ClickHouseFormat format = ClickHouseFormat.valueOf(request.format());
    String table = request.table().quoted();
    return request.columns().isEmpty()
        ? client.insert(table, request.body()::writeTo, format, settings)
        : client.insert(table, request.columns(), request.body()::writeTo, format, settings);
  }

  /** 200 is no proof: the summary has to be there and no exception beside it. */
  private static InsertAnswer answer(InsertRequest request, InsertResponse response) {
    Map<String, String> headers = response.getResponseHeaders();
    if (!has(headers, SUMMARY) || has(headers, EXCEPTION)) {
      throw new IllegalStateException(
          "the answer to insert " + request.queryId() + " proves nothing");
    }
    return new InsertAnswer(
        response.getWrittenRows(),
        String.valueOf(response.getQueryId()),
        String.valueOf(response.getServerDisplayName()));
  }

  private static boolean has(Map<String, String> headers, String name) {
    return headers.keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  /**
   * Asks, and gives the answer as it comes; to be closed by the caller.
   *
   * @throws QueryFailedException if the server refuses or cannot be asked
   */
  public QueryAnswer stream(QueryRequest request) {
    QuerySettings settings = new QuerySettings();
    settings.setFormat(ClickHouseFormat.valueOf(request.format()));
    request.settings().forEach(settings::serverSetting);
    if (!request.queryId().isEmpty()) {
      settings.setQueryId(request.queryId());
    }
    if (!request.logComment().isEmpty()) {
      settings.logComment(request.logComment());
    }
    if (!request.role().isEmpty()) {
      settings.setDBRoles(List.of(request.role()));
    }
    try {
      return new QueryAnswer(await(client.query(request.sql(), settings)));
    } catch (RuntimeException e) {
      throw InsertFailedException.of(e).asQuery();
    }
  }

  /** Asks, and gives the whole answer as text. */
  public String query(QueryRequest request) {
    try (QueryAnswer answer = stream(request)) {
      return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw InsertFailedException.of(new IllegalStateException(e)).asQuery();
    }
  }

  /** Asks, and gives the answer's rows, tab-separated and with ClickHouse's escapes. */
  public List<String> lines(String sql) {
    return query(QueryRequest.of(sql, "TSVRaw")).lines().toList();
  }

  /** Whether it answers, as this user. */
  public boolean ping() {
    try {
      return lines("SELECT 1").equals(List.of("1"));
    } catch (QueryFailedException e) {
      return false;
    }
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException runtime
          ? runtime
          : new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
