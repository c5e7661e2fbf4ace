package io.waybill.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.DataStreamWriter;
import com.clickhouse.client.api.http.ClickHouseHttpProto;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.data.ClickHouseFormat;
import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.RefusedBatchException;
import io.waybill.delivery.RetryDeliveryException;
import io.waybill.delivery.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * ClickHouse for one set of credentials. Thread-safe; holds a pool of connections until it is
 * closed. Requests run in the calling thread. Nothing that it throws has row values or secrets in
 * it: exceptions about ClickHouse's own errors carry no cause, since the client's would quote the
 * server's whole text.
 */
public final class ClickHouseClient implements AutoCloseable {
  private final ClickHouseConnection connection;
  private final Client client;
  private final FactsCache facts;

  /** Opens no connection yet. */
  public ClickHouseClient(ClickHouseConnection connection) {
    this.connection = connection;
    this.client = ClientFactory.build(connection);
    this.facts = new FactsCache(this);
  }

  /** Where and as whom it asks. */
  public ClickHouseConnection connection() {
    return connection;
  }

  /** {@link #insert(BatchPlan, BodyWriter, Circumstances, List)} with the user's default roles. */
  public InsertReceipt insert(BatchPlan plan, BodyWriter body, Circumstances circumstances) {
    return insert(plan, body, circumstances, List.of());
  }

  /**
   * Sends a batch as one request with the plan's token, columns, format and settings; its query id
   * is the batch id.
   *
   * @param plan the plan as it is stored
   * @param body writes the bytes that have the plan's digest; not used after this returns
   * @param circumstances of this attempt
   * @param roles roles to take; empty for the user's default roles
   * @return the receipt, only for status 200 without an exception and with ClickHouse's summary
   * @throws RetryDeliveryException for the verdicts retry, wait and unknown
   * @throws RefusedBatchException when the content was refused and nothing applied
   * @throws HeldDeliveryException when a person has to do something first
   */
  public InsertReceipt insert(
      BatchPlan plan, BodyWriter body, Circumstances circumstances, List<String> roles) {
    long start = System.nanoTime();
    try (InsertResponse response =
        send(
            plan.shape().table().quoted(),
            Requests.quoted(plan.shape().columns()),
            body,
            Requests.format(plan.shape().format().clickHouseName()),
            Requests.ofPlan(plan, circumstances.attempt(), roles))) {
      if (!hasSummary(response)) {
        throw delivery(noSummary(), null);
      }
      String server = response.getServerDisplayName();
      return receipt(plan, response.getWrittenRows(), server == null ? "" : server, start);
    } catch (RuntimeException e) {
      if (e instanceof RetryDeliveryException) {
        throw e;
      }
      Failure failure = Verdicts.of(e, circumstances);
      if (failure.verdict() == Verdict.SETTLED) {
        return receipt(plan, 0, "", start);
      }
      throw delivery(failure, failure.code() == 0 ? e : null);
    }
  }

  /**
   * Inserts without a plan: no promise beyond ClickHouse's own.
   *
   * @return written rows, as ClickHouse counts them (rows of materialized views included)
   * @throws QueryFailedException if it failed, or nobody knows
   */
  public long insert(InsertRequest request, BodyWriter body) {
    ClickHouseFormat format = Requests.format(request.format());
    try (InsertResponse response =
        send(
            request.table().quoted(),
            Requests.quoted(request.columns()),
            body,
            format,
            Requests.of(request))) {
      if (!hasSummary(response)) {
        throw new QueryFailedException(noSummary());
      }
      return response.getWrittenRows();
    } catch (QueryFailedException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new QueryFailedException(Verdicts.of(e, Circumstances.FIRST));
    }
  }

  /**
   * The whole result in memory. A failure half-way through the result is still an exception.
   *
   * @throws QueryFailedException if it failed
   */
  public byte[] query(QueryRequest request) {
    try (InputStream result = open(request, true)) {
      return result.readAllBytes();
    } catch (IOException e) {
      throw new QueryFailedException(Verdicts.ofQuery(e));
    }
  }

  /** The whole result as text, without the last line's end. */
  public String queryText(String sql) {
    String text = new String(query(QueryRequest.of(sql)), StandardCharsets.UTF_8);
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  /** The whole result as one object for each row. */
  public List<JsonNode> queryRows(QueryRequest request) {
    return JsonRows.parse(query(request.withFormat("JSONEachRow")));
  }

  /** Runs a statement that answers nothing. */
  public void execute(String sql) {
    query(QueryRequest.of(sql));
  }

  /**
   * The result as it arrives. It keeps a connection until it is closed. A failure half-way is an
   * {@link IOException} while reading, from a server that cuts its answer then (24.11 and later);
   * older ones append their message to the result.
   *
   * @throws QueryFailedException if it failed before the first row
   */
  public InputStream queryStream(QueryRequest request) {
    return open(request, false);
  }

  /** Whether it answers to these credentials. */
  public boolean ping() {
    try {
      return "1".equals(queryText("SELECT 1"));
    } catch (QueryFailedException e) {
      return false;
    }
  }

  /**
   * What the server is, asked at most once in a minute.
   *
   * @throws QueryFailedException if it cannot be asked
   */
  public ServerFacts facts() {
    return facts.get();
  }

  /** {@link #facts()}, asked anew: for whoever has to know whether the server was restarted. */
  public ServerFacts freshFacts() {
    return facts.fresh();
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String toString() {
    return "ClickHouseClient[" + connection + "]";
  }

  private InsertResponse send(
      String table,
      List<String> columns,
      BodyWriter body,
      ClickHouseFormat format,
      InsertSettings settings) {
    return done(client.insert(table, columns, new Body(body), format, settings));
  }

  private InputStream open(QueryRequest request, boolean whole) {
    try {
      QueryResponse response =
          done(client.query(request.sql(), request.parameters(), Requests.of(request, whole)));
      return new ResultStream(response);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new QueryFailedException(Verdicts.ofQuery(e));
    }
  }

  // the requests are not asynchronous: the future is complete when it is returned
  private static <T> T done(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private InsertReceipt receipt(BatchPlan plan, long writtenRows, String server, long start) {
    return new InsertReceipt(
        plan.id(),
        plan.token(),
        plan.id(),
        plan.digest(),
        writtenRows,
        server,
        connection.user(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private static boolean hasSummary(InsertResponse response) {
    return response.getResponseHeaders().containsKey(ClickHouseHttpProto.HEADER_SRV_SUMMARY);
  }

  private static Failure noSummary() {
    return new Failure(
        Verdict.UNKNOWN,
        0,
        "NO_SUMMARY",
        "HTTP status 200 without ClickHouse's summary",
        "look at what stands between Waybill and ClickHouse, and at waybill.clickhouse.url");
  }

  private static RuntimeException delivery(Failure failure, Throwable cause) {
    return switch (failure.verdict()) {
      case RETRY, WAIT, UNKNOWN, SETTLED -> new RetryDeliveryException(failure, cause);
      case ISOLATE -> new RefusedBatchException(failure, cause);
      case HOLD -> new HeldDeliveryException(failure, cause);
    };
  }

  private record Body(BodyWriter body) implements DataStreamWriter {
    @Override
    public void onOutput(OutputStream out) throws IOException {
      body.writeTo(out);
    }

    @Override
    public void onRetry() {
      // never called: the client is told not to repeat
    }
  }
}
