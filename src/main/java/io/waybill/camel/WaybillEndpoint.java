package io.waybill.camel;

import io.waybill.batch.CutLimits;
import io.waybill.batch.DataSize;
import io.waybill.batch.Format;
import io.waybill.camel.changes.ChangeRows;
import io.waybill.clickhouse.Finding;
import io.waybill.delivery.BadRowLimit;
import io.waybill.delivery.FlowSpec;
import io.waybill.delivery.RunBounds;
import io.waybill.delivery.SameContent;
import io.waybill.delivery.TableName;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Deliver the records of each message into a ClickHouse table, every row once, with papers. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = "waybill",
    title = "Waybill",
    syntax = "waybill:table",
    producerOnly = true,
    category = {Category.DATABASE})
public final class WaybillEndpoint extends DefaultEndpoint {
  private static final Duration PUSHED = Duration.ofSeconds(1);
  private static final String EXACTLY_ONCE = "exactly-once";
  private static final String NONE = "none";
  private final WaybillServices services;
  private final TableName tableName;
  private BadRowLimit badRowLimit;

  @UriPath(description = "The target as `database.table`.")
  @Metadata(required = true)
  private String table;

  @UriParam(
      description =
          "Format of the records: CSV, CSVWithNames, TSV, TSVWithNames or JSONEachRow. Taken from the"
              + " file's name when it is not given: .csv is CSVWithNames, .tsv TSVWithNames, .ndjson,"
              + " .jsonl and .json JSONEachRow; .gz and .zst are unpacked.")
  private String format;

  @UriParam(description = "Most rows in a batch.", defaultValue = "250000")
  private int batchRows = 250_000;

  @UriParam(description = "Most bytes in a batch.", defaultValue = "64MB")
  private DataSize batchBytes = DataSize.parse("64MB");

  @UriParam(
      description =
          "How many batches may be on their way at once; one more is cut meanwhile. What is in"
              + " memory is bounded by that.",
      defaultValue = "3")
  private int inFlight = 3;

  @UriParam(
      description =
          "How long single messages are collected into one batch. Each is on disk before it is"
              + " acknowledged. `1s` for sources that push (JMS, AMQP, MQTT, HTTP and the like), else `0`:"
              + " every message is a batch of its own.")
  private Duration batchInterval;

  @UriParam(
      description =
          "What is put into each row of what its Kafka record says, with commas: `topic`, `partition`,"
              + " `offset`, `timestamp`, `key`, `headers`. The columns are `_topic`, `_partition` and so"
              + " on; `offset:position` names another one.")
  private String kafkaColumns = "";

  @UriParam(
      description =
          "When a message that is collected is acknowledged: `spooled`, when it is safe on disk, or"
              + " `committed`, when it is in ClickHouse.",
      enums = "spooled,committed",
      defaultValue = "spooled")
  private String ack = "spooled";

  @UriParam(
      description =
          "Column that orders the changes of a row, for changes of `debezium-postgres:`; empty for none.",
      defaultValue = "_version")
  private String versionColumn = "_version";

  @UriParam(
      description =
          "Column that is 1 when a row was deleted and else 0, for changes of `debezium-postgres:`;"
              + " empty for none.",
      defaultValue = "_deleted")
  private String deletedColumn = "_deleted";

  @UriParam(
      description = "Whether batches arrive in the order of the source: one at a time.",
      defaultValue = "false")
  private boolean ordered;

  @UriParam(
      description =
          "What to do with a JSON field or header column that the table has not: `hold` the flow and"
              + " print the ALTER TABLE, or `skip` the field.",
      enums = "hold,skip",
      defaultValue = "hold")
  private String unknownFields = "hold";

  @UriParam(
      description = "Make the table from the first records if it is not there.",
      defaultValue = "false")
  private boolean createTable;

  @UriParam(
      description =
          "Sorting key of a table that is made, column names with commas; chosen when not given.")
  private String orderBy = "";

  @UriParam(
      description =
          "What to do with a file whose content was delivered under another name: `note` delivers it"
              + " and says so, `skip` takes it for delivered, `hold` holds the flow.",
      enums = "note,skip,hold",
      defaultValue = "note")
  private String sameContent = "note";

  @UriParam(
      description =
          "Former name of the flow: its history goes over to the new name, so that nothing is delivered"
              + " again.")
  private String formerly = "";

  @UriParam(
      description =
          "How many records of a run ClickHouse may refuse, as a number or a share such as `1%`. They"
              + " become dead letters; one more, and the run fails with the rest untouched.",
      defaultValue = "1000")
  private String maxBadRows = "1000";

  @UriParam(
      description =
          "What to do with a batch in doubt whose rows cannot be counted in the table: `hold` the flow,"
              + " or `accept` to send it again under its token, which loses it if the server died at"
              + " the wrong moment.",
      enums = "hold,accept",
      defaultValue = "hold")
  private String onUnverified = "hold";

  @UriParam(
      description =
          "`exactly-once` holds a flow whose table cannot drop what it has already; `at-least-once`"
              + " delivers into any table that takes inserts, and what is sent again after a fault may"
              + " come twice.",
      enums = "exactly-once,at-least-once",
      defaultValue = "exactly-once")
  private String guarantee = EXACTLY_ONCE;

  @UriParam(
      description =
          "Named connection of the ClickHouse to write to, `waybill.connections.NAME`; the default one"
              + " if none.")
  private String connection = "";

  @UriParam(
      description =
          "Role to write as: one of policy.yaml, its default role if none is named; without a policy a"
              + " ClickHouse role that is set for each insert.")
  private String role = "";

  @UriParam(
      description = "Further ClickHouse settings of the inserts, as `settings.NAME=value`.",
      prefix = "settings.",
      multiValue = true)
  private SortedMap<String, String> settings = new TreeMap<>();

  @UriParam(
      description =
          "Column by which a table is extracted with sql: or jdbc:, in ascending order. The last settled"
              + " key is at hand in the query as `CamelWaybillCheckpoint`.")
  private String key = "";

  @UriParam(
      description =
          "Key that the first extract begins behind: a number, an ISO-8601 date or time, a UUID, or"
              + " text. Must be given with key.")
  private String keyStart;

  @UriParam(
      description =
          "How long ago a time must be for all its transactions to have ended; `CamelWaybillUntil` is"
              + " that much before now, by the clock of dataSource, or without it of this machine.",
      defaultValue = "0")
  private Duration keyLag = Duration.ZERO;

  @UriParam(
      description =
          "`snapshot` lets PostgreSQL tell up to which key of keyTable no transaction is open any more;"
              + " `CamelWaybillUntil` is that key.",
      enums = "none,snapshot",
      defaultValue = NONE)
  private String keyBound = NONE;

  @UriParam(description = "Table that keyBound is asked for, with its schema or without.")
  private String keyTable = "";

  @UriParam(
      description =
          "How long keyBound waits for open transactions to end; then the bound of before is used.",
      defaultValue = "5s")
  private Duration keyWait = Duration.ofSeconds(5);

  @UriParam(description = "Database that keyBound and keyLag ask, such as `#shop`.")
  private DataSource dataSource;

  @UriParam(
      description =
          "`exchange` takes each source for all of the table: it is loaded into a new table beside it, which"
              + " takes its place when everything is settled. Readers see the one or the other.",
      enums = "none,exchange",
      defaultValue = NONE)
  private String reload = NONE;

  @UriParam(
      description = "Whether a reload without a row may empty a table that has some.",
      defaultValue = "false")
  private boolean reloadEmpty;

  WaybillEndpoint(
      String uri, WaybillComponent component, WaybillServices services, TableName tableName) {
    super(uri, component);
    this.services = services;
    this.tableName = tableName;
    this.table = tableName.toString();
  }

  @Override
  public Producer createProducer() {
    return new WaybillProducer(this, services);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException(
        "waybill: is where records go; read from ClickHouse with sql: or clickhouse:");
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    requirePositive("batchRows", batchRows);
    requirePositive("batchBytes", batchBytes.bytes());
    requirePositive("inFlight", inFlight);
    if (batchBytes.bytes() > services.memory().bytes()) {
      throw new IllegalArgumentException(
          "batchBytes=%s is more than the memory for batches, %s; make it smaller or give the JVM more with"
                  .formatted(batchBytes, new DataSize(services.memory().bytes()))
              + " WAYBILL_JAVA_OPTIONS=-Xmx...");
    }
    if (!unknownFields.equals("hold") && !unknownFields.equals("skip")) {
      throw new IllegalArgumentException("unknownFields must be hold or skip");
    }
    if (!List.of("note", "skip", "hold").contains(sameContent)) {
      throw new IllegalArgumentException("sameContent must be note, skip or hold");
    }
    requireBadRowLimit();
    if (!ack.equals("spooled") && !ack.equals("committed")) {
      throw new IllegalArgumentException("ack must be spooled or committed");
    }
    if (batchInterval != null && batchInterval.isNegative()) {
      throw new IllegalArgumentException("batchInterval must not be negative");
    }
    if (!onUnverified.equals("hold") && !onUnverified.equals("accept")) {
      throw new IllegalArgumentException("onUnverified must be hold or accept");
    }
    if (!isExactlyOnce() && !guarantee.equals("at-least-once")) {
      throw new IllegalArgumentException("guarantee must be exactly-once or at-least-once");
    }
    if (format != null) {
      var unused = Format.of(format);
    }
    if (!reload.equals(NONE) && !isReloading()) {
      throw new IllegalArgumentException("reload must be none or exchange");
    }
    if (isReloading() && (isKeyed() || isCollecting(false))) {
      throw new IllegalArgumentException("reload excludes key and batchInterval");
    }
    requireKeyOptions();
    services.shapes().apply(new Account(connection, "")).requireAllowed(settings);
  }

  private void requireKeyOptions() {
    boolean lag = !keyLag.isZero();
    if (!keyBound.equals(NONE) && !isSnapshotBound()) {
      throw new IllegalArgumentException("keyBound must be none or snapshot");
    }
    if (!isKeyed() && (lag || isSnapshotBound() || keyStart != null)) {
      throw new IllegalArgumentException("keyStart, keyLag and keyBound need key=");
    }
    if (isKeyed() && keyStart == null) {
      throw new IllegalArgumentException(
          "key=%s needs keyStart=, which the first extract begins behind, such as 0 or 1970-01-01T00:00:00Z"
              .formatted(key));
    }
    if (lag && isSnapshotBound()) {
      throw new IllegalArgumentException("keyLag and keyBound exclude each other");
    }
    if (lag && (keyLag.isNegative() || !KeyValue.written(keyStart).isTime())) {
      throw new IllegalArgumentException(
          "keyLag is a time for keys that are times, with keyStart such as 1970-01-01T00:00:00Z");
    }
    if (isSnapshotBound() && (dataSource == null || keyTable.isEmpty())) {
      throw new IllegalArgumentException("keyBound=snapshot needs dataSource= and keyTable=");
    }
    if (isKeyed() && isCollecting(false)) {
      throw new IllegalArgumentException("key and batchInterval exclude each other");
    }
  }

  /** Whether each source takes the place of the table. */
  public boolean isReloading() {
    return reload.equals("exchange");
  }

  /** What keeps the table from being replaced; nothing if it is not to be. */
  public List<Finding> reloadFindings() {
    return isReloading() ? shapes().exchange().look(tableName) : List.of();
  }

  /** Whether a table is extracted by key. */
  public boolean isKeyed() {
    return !key.isEmpty();
  }

  private boolean isSnapshotBound() {
    return keyBound.equals("snapshot");
  }

  /** Whether rows that are committed late can be left out by an extract. */
  public boolean isKeyUnbounded() {
    return isKeyed() && keyLag.isZero() && !isSnapshotBound();
  }

  /** Up to where tables are extracted; empty if nothing is said. */
  Optional<KeyBound> keyBound(Clock clock) {
    if (isSnapshotBound()) {
      return Optional.of(new SnapshotBound(dataSource, keyTable, key, keyWait));
    }
    return keyLag.isZero()
        ? Optional.empty()
        : Optional.of(new LagBound(keyLag, clock, Optional.ofNullable(dataSource)));
  }

  private void requireBadRowLimit() {
    try {
      badRowLimit = BadRowLimit.parse(maxBadRows);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("maxBadRows: " + e.getMessage(), e);
    }
  }

  private static void requirePositive(String option, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1");
    }
  }

  WaybillComponent component() {
    return (WaybillComponent) getComponent();
  }

  FlowSpec spec(String flow) {
    CutLimits limits =
        new CutLimits(batchRows, batchBytes.bytes(), services.limits().recordBytes());
    return new FlowSpec(
        flow,
        tableName,
        limits,
        ordered ? 1 : inFlight,
        badRowLimit,
        services.limits().quiet(),
        services.limits().auditBacklog(),
        this::bounds,
        services.flowExists());
  }

  /** What asks the table's server, as whoever the flow may be for it. */
  TableShapes shapes() {
    return new RightfulShapes(
        () -> services.shapes().apply(services.rights().standing(connection, role).account()));
  }

  /**
   * Who the flow is for ClickHouse.
   *
   * @throws io.waybill.delivery.HeldDeliveryException if the policy has no such role
   */
  public FlowRights.Standing standing() {
    return services.rights().standing(connection, role);
  }

  /** How much a run may bring. */
  public RunBounds bounds() {
    return services.rights().bounds(role, tableName);
  }

  /** What the policy says of a flow that delivers here; nothing if there is none. */
  public Optional<Finding> policyFinding(String flow) {
    return services.rights().look(flow, connection, role, tableName);
  }

  BatchDelivery.Sending sending() {
    return new BatchDelivery.Sending(
        plan -> services.rights().toWrite(plan.flow(), connection, role, tableName),
        services.rights().roleOf(role),
        onUnverified.equals("accept") || !isExactlyOnce());
  }

  /**
   * Whether messages are collected.
   *
   * @param pushed whether they come from a source that brings one at a time
   */
  public boolean isCollecting(boolean pushed) {
    return batchInterval == null ? pushed && !isKeyed() && !isReloading() : !batchInterval.isZero();
  }

  /** Whether a message that is collected is acknowledged only when it has arrived. */
  boolean isAcknowledgedCommitted() {
    return ack.equals("committed");
  }

  /** Makes rows of changes. */
  ChangeRows changeRows() {
    return new ChangeRows(versionColumn, deletedColumn);
  }

  /** When what was collected is delivered. */
  MessageStream.Rolling rolling(long most) {
    Duration interval = batchInterval == null ? PUSHED : batchInterval;
    return new MessageStream.Rolling(interval, batchRows, batchBytes.bytes(), most);
  }

  SameContent sameContentRule() {
    return SameContent.valueOf(sameContent.toUpperCase(Locale.ROOT));
  }

  TableShapes.Options shapeOptions() {
    return new TableShapes.Options(createTable, orderBy, isSkippingUnknownFields(), settings, role);
  }

  /** Whether fields that the table has not are left out. */
  public boolean isSkippingUnknownFields() {
    return unknownFields.equals("skip");
  }

  /** The format that the flow names, if it does. */
  public Optional<Format> givenFormat() {
    return Optional.ofNullable(format).map(Format::of);
  }

  /** The target. */
  public TableName tableName() {
    return tableName;
  }

  public String getTable() {
    return table;
  }

  public void setTable(String table) {
    this.table = table;
  }

  public String getFormat() {
    return format;
  }

  public void setFormat(String format) {
    this.format = format;
  }

  public int getBatchRows() {
    return batchRows;
  }

  public void setBatchRows(int batchRows) {
    this.batchRows = batchRows;
  }

  public DataSize getBatchBytes() {
    return batchBytes;
  }

  public void setBatchBytes(DataSize batchBytes) {
    this.batchBytes = batchBytes;
  }

  public int getInFlight() {
    return inFlight;
  }

  public void setInFlight(int inFlight) {
    this.inFlight = inFlight;
  }

  public Duration getBatchInterval() {
    return batchInterval;
  }

  public void setBatchInterval(Duration batchInterval) {
    this.batchInterval = batchInterval;
  }

  public String getKafkaColumns() {
    return kafkaColumns;
  }

  public void setKafkaColumns(String kafkaColumns) {
    this.kafkaColumns = kafkaColumns;
  }

  public String getAck() {
    return ack;
  }

  public void setAck(String ack) {
    this.ack = ack;
  }

  public String getVersionColumn() {
    return versionColumn;
  }

  public void setVersionColumn(String versionColumn) {
    this.versionColumn = versionColumn;
  }

  public String getDeletedColumn() {
    return deletedColumn;
  }

  public void setDeletedColumn(String deletedColumn) {
    this.deletedColumn = deletedColumn;
  }

  public boolean isOrdered() {
    return ordered;
  }

  public void setOrdered(boolean ordered) {
    this.ordered = ordered;
  }

  public String getUnknownFields() {
    return unknownFields;
  }

  public void setUnknownFields(String unknownFields) {
    this.unknownFields = unknownFields;
  }

  public boolean isCreateTable() {
    return createTable;
  }

  public void setCreateTable(boolean createTable) {
    this.createTable = createTable;
  }

  public String getOrderBy() {
    return orderBy;
  }

  public void setOrderBy(String orderBy) {
    this.orderBy = orderBy;
  }

  public String getSameContent() {
    return sameContent;
  }

  public void setSameContent(String sameContent) {
    this.sameContent = sameContent;
  }

  public String getFormerly() {
    return formerly;
  }

  public void setFormerly(String formerly) {
    this.formerly = formerly;
  }

  public String getMaxBadRows() {
    return maxBadRows;
  }

  public void setMaxBadRows(String maxBadRows) {
    this.maxBadRows = maxBadRows;
  }

  public String getOnUnverified() {
    return onUnverified;
  }

  public void setOnUnverified(String onUnverified) {
    this.onUnverified = onUnverified;
  }

  /** Whether a table that cannot keep the promise holds the flow. */
  public boolean isExactlyOnce() {
    return guarantee.equals(EXACTLY_ONCE);
  }

  public String getGuarantee() {
    return guarantee;
  }

  public void setGuarantee(String guarantee) {
    this.guarantee = guarantee;
  }

  public String getConnection() {
    return connection;
  }

  public void setConnection(String connection) {
    this.connection = connection;
  }

  public String getRole() {
    return role;
  }

  public void setRole(String role) {
    this.role = role;
  }

  public Map<String, String> getSettings() {
    return settings;
  }

  public void setSettings(SortedMap<String, String> settings) {
    this.settings = settings;
  }

  public String getKey() {
    return key;
  }

  public void setKey(String key) {
    this.key = key;
  }

  public String getKeyStart() {
    return keyStart;
  }

  public void setKeyStart(String keyStart) {
    this.keyStart = keyStart;
  }

  public Duration getKeyLag() {
    return keyLag;
  }

  public void setKeyLag(Duration keyLag) {
    this.keyLag = keyLag;
  }

  public String getKeyBound() {
    return keyBound;
  }

  public void setKeyBound(String keyBound) {
    this.keyBound = keyBound;
  }

  public String getKeyTable() {
    return keyTable;
  }

  public void setKeyTable(String keyTable) {
    this.keyTable = keyTable;
  }

  public Duration getKeyWait() {
    return keyWait;
  }

  public void setKeyWait(Duration keyWait) {
    this.keyWait = keyWait;
  }

  public DataSource getDataSource() {
    return dataSource;
  }

  public void setDataSource(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  public String getReload() {
    return reload;
  }

  public void setReload(String reload) {
    this.reload = reload;
  }

  public boolean isReloadEmpty() {
    return reloadEmpty;
  }

  public void setReloadEmpty(boolean reloadEmpty) {
    this.reloadEmpty = reloadEmpty;
  }
}
