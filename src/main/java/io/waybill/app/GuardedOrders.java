package io.waybill.app;

import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.control.Orders;
import io.waybill.control.Permissions;
import io.waybill.delivery.LedgerException;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Identity;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Carries out what who orders it may order. Every door leads through here: the management API, the
 * ledger by which commands reach the process that serves, and a command that does it by itself.
 */
final class GuardedOrders implements Orders {
  private final Orders desk;
  private final OrderTables tables;
  private final Permissions permissions;

  GuardedOrders(Orders desk, OrderTables tables, Permissions permissions) {
    this.desk = desk;
    this.tables = tables;
    this.permissions = permissions;
  }

  @Override
  public Answer carryOut(Order order, Identity by) {
    try {
      Optional<Decision> no = permissions.isOn() ? objection(order, by) : Optional.empty();
      if (no.isPresent()) {
        permissions.denied(by, order.word(), no.get());
        return Answers.denied(no.get().toString(), no.get().remedy());
      }
    } catch (LedgerException e) {
      return Answers.failed(e.getMessage(), "see docs/operations.md#ledger");
    }
    return desk.carryOut(order, by);
  }

  private Optional<Decision> objection(Order order, Identity by) {
    Stream<Decision> decisions =
        OrderTables.isGoverning(order)
            ? Stream.of(permissions.decide(by, Action.ADMINISTER))
            : tables.of(order).stream().map(table -> permissions.decide(by, Action.OPERATE, table));
    return decisions.filter(decision -> !decision.allowed()).findFirst();
  }
}
