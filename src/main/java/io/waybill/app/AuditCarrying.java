package io.waybill.app;

import io.waybill.batch.Format;
import io.waybill.camel.AuditCarrier;
import io.waybill.camel.ClickHouseShapes;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.Verdict;
import io.waybill.ledger.AuditTable;
import io.waybill.ledger.JdbcLedger;
import java.time.Clock;
import java.util.List;
import org.apache.camel.CamelContext;

/** Sets the carrying of audit events going, into a table that is made if it is not there. */
final class AuditCarrying {
  private AuditCarrying() {}

  static AuditCarrier start(
      CamelContext context,
      JdbcLedger ledger,
      ClickHouseShapes shapes,
      Clock clock,
      FaultPoint faults)
      throws Exception {
    AuditCarrier carrier =
        new AuditCarrier(context, ledger, ledger.claims(), () -> shape(shapes), clock, faults);
    carrier.start();
    return carrier;
  }

  private static InsertShape shape(ClickHouseShapes shapes) {
    try {
      return shapes.own(
          AuditTable.NAME,
          Format.JSON_EACH_ROW,
          List.of(AuditTable.createDatabase(), AuditTable.createTable()),
          AuditTable.columns(),
          AuditTable.upgradeTable());
    } catch (QueryFailedException e) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              e.code(),
              e.name(),
              "the table waybill.audit cannot be made or seen: " + e.getMessage(),
              "make it, or grant CREATE DATABASE and CREATE TABLE on waybill.*"),
          e);
    }
  }
}
