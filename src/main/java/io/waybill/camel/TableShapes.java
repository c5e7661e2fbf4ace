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

/** Port of the {@code waybill:} component: asks ClickHouse what a table looks like. Thread-safe. */
public interface TableShapes {

  /**
   * What shapes the batches for this table; makes the table if asked to.
   *
   * @param sample first records in {@code format}
   * @throws io.waybill.delivery.HeldDeliveryException if there is no way
   */
  InsertShape shape(TableName table, Format format, byte[] sample, Options options);

  /**
   * The columns that an insert may fill; none if there is no such table.
   *
   * @throws io.waybill.delivery.HeldDeliveryException if they cannot be asked for
   */
  List<RowColumn> columns(TableName table);

  /**
   * Makes ready to try records of a refused batch.
   *
   * @throws io.waybill.delivery.HeldDeliveryException if they cannot be tried
   */
  Prober prober(BatchPlan plan);

  /** Puts a table into the place of another one. */
  TableExchange exchange();

  /**
   * Refuses settings that would break the block of a batch or its token.
   *
   * @throws IllegalArgumentException naming the setting
   */
  void requireAllowed(Map<String, String> settings);

  /**
   * What an endpoint says of its table.
   *
   * @param createTable whether to make a table that is not there, from the sample
   * @param orderBy sorting key of a table that is made; empty: chosen
   * @param skipUnknownFields whether fields that the table has not are dropped
   * @param settings further server settings
   * @param role role to write as; empty for none
   */
  record Options(
      boolean createTable,
      String orderBy,
      boolean skipUnknownFields,
      Map<String, String> settings,
      String role) {}
}
