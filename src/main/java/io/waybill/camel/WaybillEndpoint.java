package io.waybill.camel;

import io.waybill.batch.DataSize;
import io.waybill.batch.Format;
import io.waybill.clickhouse.Finding;
import io.waybill.delivery.FlowSpec;
import io.waybill.delivery.RunBounds;
import io.waybill.delivery.TableName;
import java.util.List;
import java.util.Optional;
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
  private final WaybillServices services;
  private final TableName tableName;

  @UriPath(description = "The target as `database.table`.")
  @Metadata(required = true)
  private String table;

  @UriParam(
      description =
          "Format of the records: CSV, CSVWithNames, TSV, TSVWithNames or JSONEachRow. Taken from the"
              + " file's name when it is not given: .csv is CSVWithNames, .tsv TSVWithNames, .ndjson,"
              + " .jsonl and .json JSONEachRow; .gz and .zst are unpacked.")
  private String format;

  @UriParam private final BatchOptions batch = new BatchOptions();
  @UriParam private final TableOptions rows = new TableOptions();
  @UriParam private final ExtractOptions extract = new ExtractOptions();
  @UriParam private final DeliveryOptions delivery = new DeliveryOptions();

  WaybillEndpoint(
      String uri, WaybillComponent component, WaybillServices services, TableName tableName) {
    super(uri, component);
    this.services = services;
    this.tableName = tableName;
    this.table = tableName.toString();
  }

  /** The beans that the options of an address are set on, besides the endpoint. */
  List<Object> options() {
    return List.of(batch, rows, extract, delivery);
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
    batch.require(new DataSize(services.memory().bytes()));
    rows.require();
    delivery.require();
    if (format != null) {
      var unused = Format.of(format);
    }
    if (isReloading() && (isKeyed() || isCollecting(false))) {
      throw new IllegalArgumentException("reload excludes key and batchInterval");
    }
    extract.require();
    if (isKeyed() && isCollecting(false)) {
      throw new IllegalArgumentException("key and batchInterval exclude each other");
    }
    services
        .shapes()
        .apply(new Account(delivery.getConnection(), ""))
        .requireAllowed(delivery.getSettings());
  }

  /** How records become batches. */
  public BatchOptions batch() {
    return batch;
  }

  /** What is said of the table and its rows. */
  public TableOptions rows() {
    return rows;
  }

  /** How a table is extracted by key. */
  public ExtractOptions extract() {
    return extract;
  }

  /** What is promised, and as whom. */
  public DeliveryOptions delivery() {
    return delivery;
  }

  /** Whether each source takes the place of the table. */
  public boolean isReloading() {
    return rows.isReloading();
  }

  /** What keeps the table from being replaced; nothing if it is not to be. */
  public List<Finding> reloadFindings() {
    return isReloading() ? shapes().exchange().look(tableName) : List.of();
  }

  /** Whether a table is extracted by key. */
  public boolean isKeyed() {
    return extract.isKeyed();
  }

  WaybillComponent component() {
    return (WaybillComponent) getComponent();
  }

  FlowSpec spec(String flow) {
    return new FlowSpec(
        flow,
        tableName,
        batch.limits(services.limits().recordBytes()),
        batch.most(),
        delivery.badRowLimit(),
        services.limits().quiet(),
        services.limits().auditBacklog(),
        this::bounds,
        services.flowExists());
  }

  /** What asks the table's server, as whoever the flow may be for it. */
  TableShapes shapes() {
    return new RightfulShapes(() -> services.shapes().apply(standing().account()));
  }

  /**
   * Who the flow is for ClickHouse.
   *
   * @throws io.waybill.delivery.HeldDeliveryException if the policy has no such role
   */
  public FlowRights.Standing standing() {
    return services.rights().standing(delivery.getConnection(), delivery.getRole());
  }

  /** How much a run may bring. */
  public RunBounds bounds() {
    return services.rights().bounds(delivery.getRole(), tableName);
  }

  /** What the policy says of a flow that delivers here; nothing if there is none. */
  public Optional<Finding> policyFinding(String flow) {
    return services.rights().look(flow, delivery.getConnection(), delivery.getRole(), tableName);
  }

  BatchDelivery.Sending sending() {
    String role = delivery.getRole();
    return new BatchDelivery.Sending(
        plan -> services.rights().toWrite(plan.flow(), delivery.getConnection(), role, tableName),
        services.rights().roleOf(role),
        delivery.isAcceptingUnverified());
  }

  /**
   * Whether messages are collected.
   *
   * @param pushed whether they come from a source that brings one at a time
   */
  public boolean isCollecting(boolean pushed) {
    return batch.isCollecting(pushed && !isKeyed() && !isReloading());
  }

  TableShapes.Options shapeOptions() {
    return new TableShapes.Options(
        rows.isCreateTable(),
        rows.getOrderBy(),
        rows.isSkippingUnknown(),
        delivery.getSettings(),
        delivery.getRole());
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
}
