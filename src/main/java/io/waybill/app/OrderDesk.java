package io.waybill.app;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.control.Orders;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.LedgerException;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RunNotFoundException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Carries orders of people out, in the process that has the ledger. */
final class OrderDesk implements Orders {
  private final Supplier<LedgerReader> readers;
  private final Replays replays;
  private final Reruns reruns;
  private final Reconciliation reconciliation;

  OrderDesk(
      DeadLetterFiles deadLetters,
      Supplier<LedgerReader> readers,
      JdbcLedger ledger,
      Function<String, ClickHouseClient> clients,
      FlowDesk desk,
      Clock clock,
      FaultPoint faults) {
    this.readers = readers;
    this.replays = new Replays(ledger, deadLetters, desk, clock, faults);
    this.reruns = new Reruns(readers, desk, replays);
    this.reconciliation = new Reconciliation(readers, ledger, clients, reruns, clock);
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

  /** The flow that an order is about; empty if it does not matter who carries it out. */
  Optional<String> flowOf(Order order) {
    try (LedgerReader reader = readers.get()) {
      if (order instanceof Order.Rerun rerun) {
        return Optional.of(reader.run(rerun.run()).flow());
      }
      if (order instanceof Order.Reconcile reconcile) {
        return Optional.of(reader.run(reconcile.run()).flow());
      }
      if (order instanceof Order.Replay replay) {
        return reader.deadLetters(DeadLetterSelection.of(replay.letters()), 1).stream()
            .map(DeadLetterRow::flow)
            .findFirst();
      }
      return Optional.empty();
    } catch (RunNotFoundException e) {
      return Optional.empty(); // who carries it out says so
    }
  }

  /** Lets the replays of a flow go on that a crash or a hold left open. */
  void resumeReplays(String flow) {
    replays.resume(flow);
  }
}
