package io.waybill.app;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.control.Order;
import io.waybill.control.Orders;
import java.util.Optional;
import java.util.function.Function;

/** What carries orders out in one process, of those who may, with papers. Thread-safe. */
final class OrderSite {
  private final OrderDesk desk;
  private final Orders audited;

  /**
   * For the flows of a home.
   *
   * @param clients who is asked for a flow
   */
  OrderSite(
      HomeSite site,
      FlowDesk flows,
      TriggerSite triggers,
      FlowGate gate,
      Policing policing,
      Function<String, ClickHouseClient> clients) {
    LedgerSite readers = site.ledgerSite();
    desk =
        new OrderDesk(
            site.deadLetterFiles(),
            readers::read,
            site.ledger(),
            clients,
            flows,
            triggers.desk(readers::read, gate),
            triggers.runs(readers::read),
            gate,
            site.home(),
            policing,
            site.clock(),
            site.faults());
    audited =
        new AuditedOrders(
            new GuardedOrders(
                desk, new OrderTables(readers::read, flows::target), site.permissions()),
            desk::flowOf,
            site.ledger(),
            site.clock());
  }

  /** Carries them out. */
  Orders orders() {
    return audited;
  }

  /** The flow that an order is about. */
  Optional<String> flowOf(Order order) {
    return desk.flowOf(order);
  }

  /** Lets replays go on that a crash or a hold left. */
  void resumeReplays(String flow) {
    desk.resumeReplays(flow);
  }
}
