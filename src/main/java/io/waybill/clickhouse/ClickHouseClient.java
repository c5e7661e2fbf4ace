package io.waybill.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.CompressionMethod;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import io.waybill.delivery.TableName;
import io.waybill.secret.Credential;
import io.waybill.secret.CredentialsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one ClickHouse as one user. Bodies are written once, in the calling thread: when a call
 * returns, nobody reads them any more. A body that cannot be written to its end breaks the
 * connection, so that ClickHouse applies nothing of it. Nothing is retried here. What it throws
 * about an answer of ClickHouse has no cause, since the client's exception carries the server's
 * whole text, which may quote rows. Thread-safe.
 */
public final class ClickHouseClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClickHouseClient.class);
  private static final int CONNECTIONS = 32;
  private static final String SUMMARY = "x-clickhouse-summary";
  private static final String EXCEPTION = "x-clickhouse-exception-code";
  // the server keeps its answer back until it knows the end: a late failure still gets its status
  private static final String WAIT_END = "wait_end_of_query";
  private final ClickHouseConnection connection;
  private final Clients clients;

  public ClickHouseClient(ClickHouseConnection connection, String version) {
    this.connection = connection;
    this.clients =
        new Clients(connection.credentials(), credential -> build(connection, credential, version));
  }

  private static Client build(
      ClickHouseConnection connection, Credential credential, String version) {
    return new Client.Builder()
        .addEndpoint(connection.url())
        .setUsername(credential.user())
        .setPassword(credential.password().reveal())
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
   * @throws IllegalArgumentException if there is no such format
   * @throws InsertFailedException with all that is known of why, and of whether it was applied; as
   *     something to try again if the credential was refused and there is another one now
   */
  public InsertAnswer insert(InsertRequest request) {
    try (Clients.Call call = clients.call()) {
      try {
        return insert(request, call);
      } catch (InsertFailedException e) {
        throw isReplaced(e.code(), call.credential())
            ? InsertFailedException.refusedUntilReplaced(e)
            : e;
      }
    } catch (CredentialsException e) {
      throw InsertFailedException.withoutCredential(e);
    }
  }

  /** Whether it was refused for who asked, and somebody else asks from now on. */
  private boolean isReplaced(int code, Credential refused) {
    return Verdicts.isAboutIdentity(code) && connection.credentials().refused(refused);
  }

  private InsertAnswer insert(InsertRequest request, Clients.Call call) {
    InsertSettings settings = new InsertSettings();
    request.settings().forEach(settings::serverSetting);
    if (!request.token().isEmpty()) {
      settings.setDeduplicationToken(request.token());
    }
    String queryId = request.queryId().isEmpty() ? UUID.randomUUID().toString() : request.queryId();
    settings.setQueryId(queryId);
    if (!request.logComment().isEmpty()) {
      settings.logComment(request.logComment());
    }
    settings.serverSetting(WAIT_END, "1");
    String role = role(request.role());
    if (!role.isEmpty()) {
      settings.setDBRoles(List.of(role));
    }
    ClickHouseFormat format = format(request.format());
    OneBody body = new OneBody(request.body(), () -> call.client().cancelTransportRequest(queryId));
    try (InsertResponse response = await(send(call.client(), request, format, body, settings))) {
      return answer(response, call.credential().user());
    } catch (InsertFailedException e) {
      throw e;
    } catch (RuntimeException e) {
      throw body.broken().orElseGet(() -> InsertFailedException.of(e));
    }
  }

  private String role(String asked) {
    return asked.isEmpty() ? connection.role() : asked;
  }

  private static CompletableFuture<InsertResponse> send(
      Client client,
      InsertRequest request,
      ClickHouseFormat format,
      OneBody body,
      InsertSettings settings) {
    String table = request.table().quoted();
    List<String> columns = request.columns().stream().map(TableName::quote).toList();
    return client.insert(table, columns, body, format, settings);
  }

  private static ClickHouseFormat format(String name) {
    try {
      return ClickHouseFormat.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "there is no format " + name + "; names of formats are case-sensitive", e);
    }
  }

  /** 200 is no proof: the summary has to be there, whole, and no exception beside it. */
  private static InsertAnswer answer(InsertResponse response, String user) {
    Map<String, String> headers = response.getResponseHeaders();
    if (!header(headers, SUMMARY).endsWith("}") || has(headers, EXCEPTION)) {
      throw InsertFailedException.noProof();
    }
    return new InsertAnswer(
        response.getWrittenRows(),
        String.valueOf(response.getQueryId()),
        String.valueOf(response.getServerDisplayName()),
        user);
  }

  // the HTTP client takes a head that ends in the middle of a line for a head
  private static String header(Map<String, String> headers, String name) {
    return headers.entrySet().stream()
        .filter(header -> name.equalsIgnoreCase(header.getKey()))
        .map(header -> String.valueOf(header.getValue()).strip())
        .findFirst()
        .orElse("");
  }

  private static boolean has(Map<String, String> headers, String name) {
    return headers.keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  /**
   * Asks, and gives the answer as it comes; to be closed by the caller. A failure half-way is an
   * {@link IOException} while reading, from a server that cuts its answer then.
   *
   * @throws IllegalArgumentException if there is no such format
   * @throws QueryFailedException if the server refuses or cannot be asked
   */
  public QueryAnswer stream(QueryRequest request) {
    return open(request, false);
  }

  private QueryAnswer open(QueryRequest request, boolean whole) {
    String queryId = request.queryId().isEmpty() ? UUID.randomUUID().toString() : request.queryId();
    QuerySettings settings = new QuerySettings();
    settings.setFormat(format(request.format()));
    request.settings().forEach(settings::serverSetting);
    settings.setQueryId(queryId);
    if (whole) {
      settings.serverSetting(WAIT_END, "1");
    }
    if (!request.logComment().isEmpty()) {
      settings.logComment(request.logComment());
    }
    String role = role(request.role());
    if (!role.isEmpty()) {
      settings.setDBRoles(List.of(role));
    }
    return open(request.sql(), settings, queryId, true);
  }

  private QueryAnswer open(String sql, QuerySettings settings, String queryId, boolean again) {
    Clients.Call call;
    try {
      call = clients.call();
    } catch (CredentialsException e) {
      throw InsertFailedException.withoutCredential(e).asQuery();
    }
    try {
      return new QueryAnswer(
          await(call.client().query(sql, settings)), () -> stop(queryId), call::close);
    } catch (RuntimeException e) {
      call.close();
      QueryFailedException failed = InsertFailedException.of(e).asQuery();
      if (again && isReplaced(failed.code(), call.credential())) {
        return open(sql, settings, queryId, false);
      }
      throw failed;
    }
  }

  private void stop(String queryId) {
    try {
      query(
          QueryRequest.of(
              "KILL QUERY WHERE query_id = " + SqlText.literal(queryId) + " ASYNC", "TSV"));
    } catch (QueryFailedException e) {
      LOG.debug("Could not stop query {}: {}", queryId, e.getMessage());
    }
  }

  /**
   * Asks, and gives the whole answer as text; a failure half-way is an exception too.
   *
   * @throws QueryFailedException if the server refuses or cannot be asked
   */
  public String query(QueryRequest request) {
    try (QueryAnswer answer = open(request, true)) {
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
    clients.close();
  }
}
