package io.waybill.app;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.control.Answer;
import io.waybill.control.Caller;
import io.waybill.control.Order;
import io.waybill.control.Orders;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.LedgerException;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RunNotFoundException;
import io.waybill.ledger.TriggerRow;
import io.waybill.policy.Identity;
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
  private final TriggerDesk triggers;
  private final RunDesk runs;
  private final FlowGate gate;
  private final ApprovalDesk approvals;
  private final KillSwitchDesk kills;

  OrderDesk(
      DeadLetterFiles deadLetters,
      Supplier<LedgerReader> readers,
      JdbcLedger ledger,
      Function<String, ClickHouseClient> clients,
      FlowDesk desk,
      TriggerDesk triggers,
      RunDesk runs,
      FlowGate gate,
      Home home,
      Policing policing,
      Clock clock,
      FaultPoint faults) {
    this.triggers = triggers;
    this.runs = runs;
    this.gate = gate;
    this.approvals = policing.approvals(home, new OrderTargets(readers, this::flowOf));
    this.kills = policing.killSwitches();
    this.readers = readers;
    this.replays = new Replays(ledger, deadLetters, desk, clock, faults);
    this.reruns = new Reruns(readers, desk, replays);
    this.reconciliation = new Reconciliation(readers, ledger, clients, reruns, clock);
  }

  @Override
  public synchronized Answer carryOut(Order order, Identity who) {
    String by = Caller.signature(who);
    try {
      if (order instanceof Order.Decide decide) {
        return approvals.decide(decide, who, by, this::carryOutApproved);
      }
      if (order instanceof Order.KillSwitch kill) {
        return kills.order(kill, who, by);
      }
      return approvals.waits(order, by).orElseGet(() -> carryOutApproved(order, by));
    } catch (LedgerException e) {
      return Answers.failed(e.getMessage(), "see docs/operations.md#ledger");
    } catch (HeldDeliveryException e) {
      return Answers.held(e.failure());
    }
  }

  /** What needs no second person, or has one. */
  private Answer carryOutApproved(Order order, String by) {
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
    if (order instanceof Order.Reconcile reconcile) {
      return reconciliation.reconcile(reconcile, by);
    }
    return ofFlow(order, by);
  }

  private Answer ofFlow(Order order, String by) {
    if (order instanceof Order.Trigger trigger) {
      return triggers.trigger(trigger, by);
    }
    if (order instanceof Order.Backfill backfill) {
      return triggers.backfill(backfill, by);
    }
    if (order instanceof Order.CancelTrigger cancel) {
      return triggers.cancel(cancel, by);
    }
    if (order instanceof Order.CancelRun cancel) {
      return runs.cancel(cancel, by);
    }
    if (order instanceof Order.MarkRun mark) {
      return runs.mark(mark, by);
    }
    return order instanceof Order.Pause pause
        ? gate.pause(pause.flow(), by)
        : gate.resume(((Order.Resume) order).flow());
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
      if (order instanceof Order.CancelRun cancel) {
        return Optional.of(reader.run(cancel.run()).flow());
      }
      if (order instanceof Order.MarkRun mark) {
        return Optional.of(reader.run(mark.run()).flow());
      }
      if (order instanceof Order.CancelTrigger cancel) {
        return reader.triggersLike(cancel.trigger()).stream().map(TriggerRow::flow).findFirst();
      }
      if (order instanceof Order.Replay replay) {
        return reader.deadLetters(DeadLetterSelection.of(replay.letters()), 1).stream()
            .map(DeadLetterRow::flow)
            .findFirst();
      }
      return named(order);
    } catch (RunNotFoundException e) {
      return Optional.empty(); // who carries it out says so
    }
  }

  private static Optional<String> named(Order order) {
    if (order instanceof Order.Trigger trigger) {
      return Optional.of(trigger.flow());
    }
    if (order instanceof Order.Backfill backfill) {
      return Optional.of(backfill.flow());
    }
    if (order instanceof Order.Pause pause) {
      return Optional.of(pause.flow());
    }
    return order instanceof Order.Resume resume ? Optional.of(resume.flow()) : Optional.empty();
  }

  /** Lets the replays of a flow go on that a crash or a hold left open. */
  void resumeReplays(String flow) {
    replays.resume(flow);
  }
}
