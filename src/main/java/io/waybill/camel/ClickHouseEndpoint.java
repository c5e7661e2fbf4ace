package io.waybill.camel;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.ClickHouseConnection;
import io.waybill.delivery.TableName;
import io.waybill.secret.Credentials;
import io.waybill.secret.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Insert into, query or ping ClickHouse. Options and headers are those of Camel's camel-clickhouse
 * component, and what it lacks: token, query id, settings, role, time-outs, streamed results.
 */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "clickhouse",
    title = "ClickHouse",
    syntax = "clickhouse:database",
    producerOnly = true,
    category = {Category.DATABASE})
public final class ClickHouseEndpoint extends DefaultEndpoint {

  /** What the producer does. */
  public enum Operation {
    insert,
    query,
    ping
  }

  /** What a query leaves as body. */
  public enum OutputType {
    string,
    bytes,
    stream
  }

  @UriPath(description = "The database, or `database.table`.")
  @Metadata(required = true)
  private String database;

  @UriParam(description = "Table to insert into, when the path names only the database.")
  private String table;

  @UriParam(
      description =
          "HTTP address of the server, `http://host:8123`; the configured ClickHouse when not given.")
  private String serverUrl;

  @UriParam(description = "User; of the configured ClickHouse when not given.", label = "security")
  private String username;

  @UriParam(description = "Password.", label = "security", secret = true)
  private String password;

  @UriParam(
      description = "Use HTTPS when serverUrl has no scheme.",
      label = "security",
      defaultValue = "false")
  private boolean ssl;

  @UriParam(
      description = "Compress what is sent; when not given by where the server is.",
      label = "advanced")
  private Boolean compression;

  @UriParam(description = "What to do.", defaultValue = "insert")
  private Operation operation = Operation.insert;

  @UriParam(
      description = "Format of what is inserted, or of a query's answer.",
      defaultValue = "JSONEachRow")
  private String format = "JSONEachRow";

  @UriParam(
      description =
          "Kept for routes of camel-clickhouse; a request is one insert whatever its size, Waybill cuts"
              + " batches before.",
      label = "advanced",
      defaultValue = "0")
  private int batchSize;

  @UriParam(
      description = "Let the server collect inserts (async_insert).",
      label = "advanced",
      defaultValue = "false")
  private boolean asyncInsert;

  @UriParam(
      description = "With asyncInsert, answer only when it is written.",
      label = "advanced",
      defaultValue = "true")
  private boolean waitForAsyncInsert = true;

  @UriParam(description = "Deduplication token of an insert.", label = "advanced")
  private String deduplicationToken;

  @UriParam(description = "Query id of the request; made when not given.", label = "advanced")
  private String queryId;

  @UriParam(description = "Text for log_comment; flow and run when not given.", label = "advanced")
  private String logComment;

  @UriParam(
      description =
          "Role that the request is made under: of policy.yaml, or without a policy of ClickHouse.",
      label = "security")
  private String role;

  @UriParam(
      description = "How long connecting may take; of the configured ClickHouse when not given.",
      label = "advanced")
  private Duration connectTimeout;

  @UriParam(
      description = "How long an answer may take; of the configured ClickHouse when not given.",
      label = "advanced")
  private Duration socketTimeout;

  @UriParam(
      description =
          "What a query leaves as body: `string`, `bytes`, or `stream`, an InputStream that reads from"
              + " the server and is closed with the exchange.",
      defaultValue = "string")
  private OutputType outputType = OutputType.string;

  @UriParam(description = "A client to use instead of the options above.", label = "advanced")
  private ClickHouseClient client;

  @UriParam(
      description = "Further ClickHouse settings, as `settings.NAME=value`.",
      prefix = "settings.",
      multiValue = true)
  private SortedMap<String, String> settings = new TreeMap<>();

  @UriParam(
      description = "Named connection to use, `waybill.connections.NAME`; the default one if none.")
  private String connection = "";

  ClickHouseEndpoint(String uri, ClickHouseComponent component, String path) {
    super(uri, component);
    int dot = path.indexOf('.');
    this.database = dot < 0 ? path : path.substring(0, dot);
    this.table = dot < 0 ? null : path.substring(dot + 1);
  }

  @Override
  public Producer createProducer() {
    return new ClickHouseProducer(this);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        "clickhouse: cannot be consumed from; start with timer: or quartz: and use operation=query");
  }

  public String getConnection() {
    return connection;
  }

  public void setConnection(String connection) {
    this.connection = connection;
  }

  /** What it asks, given what is configured for all. */
  ClickHouseConnection connection(ClickHouseConnection configured) {
    String url = serverUrl == null ? configured.url() : withScheme(serverUrl);
    return new ClickHouseConnection(
        url,
        username == null && password == null
            ? configured.credentials()
            : Credentials.fixed(
                username == null ? configured.user() : username, Secret.of(orEmpty(password))),
        connectTimeout == null ? configured.connectTimeout() : connectTimeout,
        socketTimeout == null ? configured.socketTimeout() : socketTimeout,
        compression == null
            ? serverUrl == null ? configured.compress() : !ClickHouseConnection.isLocal(url)
            : compression,
        configured.role());
  }

  /** What names somebody else than the connections that are configured; empty if nothing does. */
  Optional<String> ownCredentials() {
    if (client != null) {
      return Optional.of("client");
    }
    if (serverUrl != null) {
      return Optional.of("serverUrl");
    }
    return username != null || password != null ? Optional.of("username") : Optional.empty();
  }

  private String withScheme(String url) {
    return url.contains("://") ? url : (ssl ? "https://" : "http://") + url;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  /** The target that the URI names, if it names one. */
  Optional<TableName> targetTable() {
    return table == null ? Optional.empty() : Optional.of(new TableName(database, table));
  }

  public String getDatabase() {
    return database;
  }

  public void setDatabase(String database) {
    this.database = database;
  }

  public String getTable() {
    return table;
  }

  public void setTable(String table) {
    this.table = table;
  }

  public String getServerUrl() {
    return serverUrl;
  }

  public void setServerUrl(String serverUrl) {
    this.serverUrl = serverUrl;
  }

  public String getUsername() {
    return username;
  }

  public void setUsername(String username) {
    this.username = username;
  }

  public String getPassword() {
    return password;
  }

  public void setPassword(String password) {
    this.password = password;
  }

  public boolean isSsl() {
    return ssl;
  }

  public void setSsl(boolean ssl) {
    this.ssl = ssl;
  }

  public Boolean getCompression() {
    return compression;
  }

  public void setCompression(Boolean compression) {
    this.compression = compression;
  }

  public Operation getOperation() {
    return operation;
  }

  public void setOperation(Operation operation) {
    this.operation = operation;
  }

  public String getFormat() {
    return format;
  }

  public void setFormat(String format) {
    this.format = format;
  }

  public int getBatchSize() {
    return batchSize;
  }

  public void setBatchSize(int batchSize) {
    this.batchSize = batchSize;
  }

  public boolean isAsyncInsert() {
    return asyncInsert;
  }

  public void setAsyncInsert(boolean asyncInsert) {
    this.asyncInsert = asyncInsert;
  }

  public boolean isWaitForAsyncInsert() {
    return waitForAsyncInsert;
  }

  public void setWaitForAsyncInsert(boolean waitForAsyncInsert) {
    this.waitForAsyncInsert = waitForAsyncInsert;
  }

  public String getDeduplicationToken() {
    return deduplicationToken;
  }

  public void setDeduplicationToken(String deduplicationToken) {
    this.deduplicationToken = deduplicationToken;
  }

  public String getQueryId() {
    return queryId;
  }

  public void setQueryId(String queryId) {
    this.queryId = queryId;
  }

  public String getLogComment() {
    return logComment;
  }

  public void setLogComment(String logComment) {
    this.logComment = logComment;
  }

  public String getRole() {
    return role;
  }

  public void setRole(String role) {
    this.role = role;
  }

  public Duration getConnectTimeout() {
    return connectTimeout;
  }

  public void setConnectTimeout(Duration connectTimeout) {
    this.connectTimeout = connectTimeout;
  }

  public Duration getSocketTimeout() {
    return socketTimeout;
  }

  public void setSocketTimeout(Duration socketTimeout) {
    this.socketTimeout = socketTimeout;
  }

  public OutputType getOutputType() {
    return outputType;
  }

  public void setOutputType(OutputType outputType) {
    this.outputType = outputType;
  }

  public ClickHouseClient getClient() {
    return client;
  }

  public void setClient(ClickHouseClient client) {
    this.client = client;
  }

  public Map<String, String> getSettings() {
    return settings;
  }

  public void setSettings(SortedMap<String, String> settings) {
    this.settings = settings;
  }
}
