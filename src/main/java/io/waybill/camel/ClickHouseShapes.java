package io.waybill.camel;

import io.waybill.batch.Format;
import io.waybill.batch.row.RowColumn;
import io.waybill.clickhouse.BlockSettings;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.DriftAdvice;
import io.waybill.clickhouse.Inference;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.QueryRequest;
import io.waybill.clickhouse.ReservedColumnException;
import io.waybill.clickhouse.ServerFacts;
import io.waybill.clickhouse.ShadowTable;
import io.waybill.clickhouse.TableDdl;
import io.waybill.clickhouse.TableExchange;
import io.waybill.clickhouse.Tables;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.Prober;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shapes of tables in the configured ClickHouse. Thread-safe. */
public final class ClickHouseShapes implements TableShapes {
  private static final Logger LOG = LoggerFactory.getLogger(ClickHouseShapes.class);
  private static final int ENCODER = 1;
  private final ClickHouseClient client;
  private final Tables tables;
  private final boolean provenance;

  /**
   * Of the server that this client asks.
   *
   * @param provenance whether tables that are made note the batch of each row
   */
  public ClickHouseShapes(ClickHouseClient client, boolean provenance) {
    this.client = client;
    this.tables = new Tables(client);
    this.provenance = provenance;
  }

  @Override
  public InsertShape shape(TableName table, Format format, byte[] sample, Options options) {
    try {
      if (tables.table(table).isEmpty()) {
        create(table, format, sample, options);
      }
      refuseDrift(table, format, sample, options);
      return shapeOf(table, format, options);
    } catch (QueryFailedException e) {
      throw untold(table, e);
    }
  }

  private static HeldDeliveryException untold(TableName table, QueryFailedException e) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            e.code(),
            e.name(),
            "ClickHouse does not tell about table " + table + ": " + e.getMessage(),
            "see ./waybill check"),
        e);
  }

  @Override
  public List<RowColumn> columns(TableName table) {
    try {
      return tables.columns(table).stream()
          .filter(Tables.Column::isInsertable)
          .map(column -> new RowColumn(column.name(), column.type()))
          .toList();
    } catch (QueryFailedException e) {
      throw untold(table, e);
    }
  }

  @Override
  public Prober prober(BatchPlan plan) {
    return ShadowTable.of(client, plan);
  }

  @Override
  public TableExchange exchange() {
    return new TableExchange(client);
  }

  @Override
  public void requireAllowed(Map<String, String> settings) {
    BlockSettings.requireAllowed(settings);
  }

  /**
   * The shape of a table of Waybill's own.
   *
   * @param create statements that make it, if it is not there
   * @param upgrade statement that gives it these columns, if it lacks one
   */
  public InsertShape own(
      TableName table, Format format, List<String> create, List<String> columns, String upgrade) {
    if (tables.table(table).isEmpty()) {
      create.forEach(sql -> client.query(QueryRequest.of(sql, "TSV")));
    } else if (!tables.insertable(table).containsAll(columns)) {
      client.query(QueryRequest.of(upgrade, "TSV"));
    }
    return shapeOf(table, format, new Options(false, "", false, Map.of(), ""));
  }

  private InsertShape shapeOf(TableName table, Format format, Options options) {
    String uuid = tables.uuid(table).orElse("");
    return new InsertShape(
        table,
        uuid,
        tables.insertable(table),
        format,
        BlockSettings.of(
            ServerFacts.ask(client).settings(), options.skipUnknownFields(), options.settings()),
        ENCODER,
        tables.hasProvenance(table));
  }

  private void create(TableName table, Format format, byte[] sample, Options options) {
    if (!options.createTable()) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              60,
              "UNKNOWN_TABLE",
              "there is no table " + table,
              "create it, or add createTable=true to the waybill: URI"));
    }
    TableDdl ddl;
    try {
      ddl =
          TableDdl.of(
              table, new Inference(client).columns(format, sample), options.orderBy(), provenance);
    } catch (ReservedColumnException e) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "RESERVED_COLUMN",
              e.getMessage(),
              "give it another name in the source, or in the flow in front of waybill:"),
          e);
    } catch (IllegalArgumentException e) {
      throw new HeldDeliveryException(
          new Failure(Verdict.HOLD, 0, "ORDER_BY", e.getMessage(), "correct orderBy"), e);
    }
    client.query(QueryRequest.of(TableDdl.createDatabase(table), "TSV"));
    client.query(QueryRequest.of(ddl.sql(), "TSV"));
    LOG.info("made table {}, sorted so: {}", table, ddl.why());
  }

  private void refuseDrift(TableName table, Format format, byte[] sample, Options options) {
    if (options.skipUnknownFields()) {
      return;
    }
    Map<String, String> alters;
    try {
      alters = new DriftAdvice(client).missing(table, format, sample);
    } catch (QueryFailedException e) {
      return; // content that cannot be read is for the insert to judge
    }
    if (!alters.isEmpty()) {
      String columns = String.join(", ", alters.keySet());
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              117,
              "SCHEMA_DRIFT",
              "the source has columns that table " + table + " has not: " + columns,
              String.join("; ", alters.values()) + "; or set unknownFields=skip to drop them"));
    }
  }
}
