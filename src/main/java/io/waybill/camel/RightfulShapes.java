package io.waybill.camel;

import io.waybill.batch.Format;
import io.waybill.batch.row.RowColumn;
import io.waybill.clickhouse.TableExchange;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.Prober;
import io.waybill.delivery.TableName;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Shapes of tables, asked as whoever a flow may be for ClickHouse at that time. Thread-safe. */
record RightfulShapes(Supplier<TableShapes> now) implements TableShapes {

  @Override
  public InsertShape shape(TableName table, Format format, byte[] sample, Options options) {
    return now.get().shape(table, format, sample, options);
  }

  @Override
  public List<RowColumn> columns(TableName table) {
    return now.get().columns(table);
  }

  @Override
  public Prober prober(BatchPlan plan) {
    return now.get().prober(plan);
  }

  @Override
  public TableExchange exchange() {
    return now.get().exchange();
  }

  @Override
  public void requireAllowed(Map<String, String> settings) {
    now.get().requireAllowed(settings);
  }
}
