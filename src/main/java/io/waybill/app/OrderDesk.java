package io.waybill.app;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.control.Orders;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.LedgerException;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.JdbcLedger;
import java.time.Clock;
import java.util.function.Function;

/** Carries orders of people out, in the process that has the ledger. */
final class OrderDesk implements Orders {
  private final Replays replays;
  private final Reruns reruns;
  private final Reconciliation reconciliation;

  OrderDesk(
      Home home,
      JdbcLedger ledger,
      Function<String, ClickHouseClient> clients,
      FlowDesk desk,
      Clock clock,
      FaultPoint faults) {
    this.replays =
        new Replays(ledger, new DeadLetterFiles(home.deadLetters()), desk, clock, faults);
    this.reruns = new Reruns(home, desk, replays);
    this.reconciliation = new Reconciliation(home, ledger, clients, reruns, clock);
  }

  @Override
  public synchronized Answer carryOut(Order order, String by) {
    try {
      if (order instanceof Order.Rerun rerun) {
        return reruns.rerun(rerun);
      }
      if (order instanceof Order.Replay replay) {
        return replays.replay(replay, by);
      }
      if (order instanceof Order.ReplayMended mended) {
        return replays.replayMended(mended, by);
      }
      if (order instanceof Order.Discard discard) {
        return replays.discard(discard, by);
      }
      return reconciliation.reconcile((Order.Reconcile) order, by);
    } catch (LedgerException e) {
      return Answers.failed(e.getMessage(), "see docs/operations.md#ledger");
    }
  }

  /** Lets the replays of a flow go on that a crash or a hold left open. */
  void resumeReplays(String flow) {
    replays.resume(flow);
  }
}
