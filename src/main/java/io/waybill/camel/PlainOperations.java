package io.waybill.camel;

import io.waybill.camel.FlowRights.Admitted;
import io.waybill.camel.FlowRights.Standing;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.InsertAnswer;
import io.waybill.clickhouse.InsertFailedException;
import io.waybill.clickhouse.InsertRequest;
import io.waybill.clickhouse.LogComment;
import io.waybill.clickhouse.QueryAnswer;
import io.waybill.clickhouse.QueryRequest;
import io.waybill.delivery.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.util.IOHelper;

/** What a route asks of {@code clickhouse:} by itself: insert, query, ping. Thread-safe. */
final class PlainOperations {
  private static final String READ_ONLY = "2"; // settings may change, but this one
  private final ClickHouseEndpoint endpoint;
  private final ClickHouseComponent component;
  private final FlowRights rights;

  PlainOperations(ClickHouseEndpoint endpoint) {
    this.endpoint = endpoint;
    this.component = (ClickHouseComponent) endpoint.getComponent();
    this.rights = component.rights();
  }

  void process(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    endpoint.ownCredentials().ifPresent(own -> rights.requireConfigured(flow(exchange), own));
    switch (operation(message)) {
      case insert -> insert(exchange);
      case query -> query(exchange);
      case ping -> {
        boolean answered = client(rights.standing(endpoint.getConnection(), role())).ping();
        message.setHeader(ClickHouseHeaders.PING_OK, answered);
        message.setBody(answered);
      }
    }
  }

  private ClickHouseClient client(Standing standing) {
    return component.client(endpoint, standing.account());
  }

  private String role() {
    return endpoint.getRole() == null ? "" : endpoint.getRole();
  }

  private static String flow(Exchange exchange) {
    return String.valueOf(RunContextInterceptor.papers(exchange).getOrDefault("flow", ""));
  }

  private ClickHouseEndpoint.Operation operation(Message message) {
    String header = message.getHeader(ClickHouseHeaders.OPERATION, String.class);
    if (header == null) {
      return endpoint.getOperation();
    }
    try {
      return ClickHouseEndpoint.Operation.valueOf(header);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "header %s is %s, not insert, query or ping"
              .formatted(ClickHouseHeaders.OPERATION, header),
          e);
    }
  }

  private void insert(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    TableName table = table(message);
    Standing standing = rights.toInsert(flow(exchange), endpoint.getConnection(), role(), table);
    try (InputStream body = message.getMandatoryBody(InputStream.class)) {
      InsertAnswer answer =
          client(standing)
              .insert(
                  new InsertRequest(
                      table,
                      List.of(),
                      header(message, ClickHouseHeaders.FORMAT, endpoint.getFormat()),
                      insertSettings(),
                      header(
                          message,
                          ClickHouseHeaders.DEDUPLICATION_TOKEN,
                          endpoint.getDeduplicationToken()),
                      header(message, ClickHouseHeaders.QUERY_ID, endpoint.getQueryId()),
                      logComment(exchange),
                      standing.requestRole(),
                      body::transferTo));
      message.setHeader(ClickHouseHeaders.WRITTEN_ROWS, answer.writtenRows());
      message.setHeader(ClickHouseHeaders.QUERY_ID, answer.queryId());
    } catch (org.apache.camel.InvalidPayloadException e) {
      throw new IllegalArgumentException(
          "clickhouse: inserts an InputStream, byte[], String or File, not "
              + (message.getBody() == null ? "nothing" : message.getBody().getClass().getName()),
          e);
    } catch (InsertFailedException e) {
      throw new RuntimeCamelException(e.failure(true).summary(), e);
    }
  }

  private String logComment(Exchange exchange) {
    if (endpoint.getLogComment() != null) {
      return endpoint.getLogComment();
    }
    Map<String, String> papers = RunContextInterceptor.papers(exchange);
    return papers.isEmpty() ? "" : LogComment.of(papers);
  }

  private Map<String, String> insertSettings() {
    Map<String, String> settings = new TreeMap<>(endpoint.getSettings());
    settings.put("async_insert", endpoint.isAsyncInsert() ? "1" : "0");
    settings.put("wait_for_async_insert", endpoint.isWaitForAsyncInsert() ? "1" : "0");
    return settings;
  }

  private void query(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    String sql = message.getBody(String.class);
    if (sql == null || sql.isBlank()) {
      throw new IllegalArgumentException("operation=query wants the SQL as body");
    }
    Admitted admitted = rights.admit(flow(exchange), endpoint.getConnection(), role(), sql);
    QueryAnswer answer =
        client(admitted.standing()).stream(
            new QueryRequest(
                sql,
                header(message, ClickHouseHeaders.FORMAT, endpoint.getFormat()),
                querySettings(admitted.readOnly()),
                header(message, ClickHouseHeaders.QUERY_ID, endpoint.getQueryId()),
                logComment(exchange),
                admitted.standing().requestRole()));
    message.setHeader(ClickHouseHeaders.QUERY_ID, answer.queryId());
    message.setHeader(ClickHouseHeaders.READ_ROWS, answer.readRows());
    switch (endpoint.getOutputType()) {
      case string -> message.setBody(new String(drain(answer), StandardCharsets.UTF_8));
      case bytes -> message.setBody(drain(answer));
      case stream -> {
        exchange.getExchangeExtension().addOnCompletion(new CloseAnswer(answer));
        message.setBody(new StreamedAnswer(answer));
      }
    }
  }

  private Map<String, String> querySettings(boolean readOnly) {
    if (!readOnly) {
      return endpoint.getSettings();
    }
    Map<String, String> settings = new TreeMap<>(endpoint.getSettings());
    settings.put("readonly", READ_ONLY);
    return settings;
  }

  private static byte[] drain(QueryAnswer answer) throws IOException {
    try (answer) {
      return answer.body().readAllBytes();
    }
  }

  private TableName table(Message message) {
    String database = header(message, ClickHouseHeaders.DATABASE, endpoint.getDatabase());
    String table = header(message, ClickHouseHeaders.TABLE, endpoint.getTable());
    if (table.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing names the table; write clickhouse:" + database + ".table or set table=");
    }
    return new TableName(database, table);
  }

  private static String header(Message message, String name, String otherwise) {
    String header = message.getHeader(name, String.class);
    String value = header == null ? otherwise : header;
    return value == null ? "" : value;
  }

  /** Frees the connection when nobody reads the answer any more. */
  private static final class CloseAnswer extends SynchronizationAdapter {
    private final QueryAnswer answer;

    CloseAnswer(QueryAnswer answer) {
      this.answer = answer;
    }

    @Override
    public void onDone(Exchange exchange) {
      IOHelper.close(answer::close);
    }
  }
}
