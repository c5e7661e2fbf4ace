package io.waybill.app;

import io.waybill.control.Order;
import io.waybill.delivery.TableName;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RunNotFoundException;
import io.waybill.ledger.RunRow;
import io.waybill.ledger.TriggerRow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which tables an order is about: those that its flow goes to now, and those that what it names
 * went to. Thread-safe.
 */
final class OrderTables {
  /** Of a flow that is there and goes nowhere yet: a right to it has only who has it everywhere. */
  private static final TableName NOT_KNOWN = new TableName("?", "?");

  private final Supplier<LedgerReader> readers;
  private final Function<String, Optional<TableName>> targets;

  /**
   * Tables.
   *
   * @param targets where the flows go that are loaded
   */
  OrderTables(Supplier<LedgerReader> readers, Function<String, Optional<TableName>> targets) {
    this.readers = readers;
    this.targets = targets;
  }

  /** None, if there is nothing of what it names; who carries it out says so. */
  Set<TableName> of(Order order) {
    try (LedgerReader reader = readers.get()) {
      if (order instanceof Order.Replay replay) {
        return ofLetters(reader, replay.letters());
      }
      if (order instanceof Order.ReplayMended mended) {
        return ofLetters(reader, mended.letters());
      }
      if (order instanceof Order.Discard discard) {
        return ofLetters(reader, discard.letters());
      }
      return ofRunOrFlow(reader, order);
    } catch (RunNotFoundException e) {
      return Set.of();
    }
  }

  private Set<TableName> ofRunOrFlow(LedgerReader reader, Order order) {
    if (order instanceof Order.Rerun rerun) {
      return ofRun(reader, rerun.run());
    }
    if (order instanceof Order.Reconcile reconcile) {
      return ofRun(reader, reconcile.run());
    }
    if (order instanceof Order.CancelRun cancel) {
      return ofRun(reader, cancel.run());
    }
    if (order instanceof Order.MarkRun mark) {
      return ofRun(reader, mark.run());
    }
    if (order instanceof Order.CancelTrigger cancel) {
      Set<TableName> tables = new LinkedHashSet<>();
      for (TriggerRow trigger : reader.triggersLike(cancel.trigger())) {
        tables.addAll(ofFlow(reader, trigger.flow()));
      }
      return tables;
    }
    return isGoverning(order) ? Set.of() : ofFlow(reader, flow(order));
  }

  /** Whether an order is about the policy, and no flow's. */
  static boolean isGoverning(Order order) {
    return order instanceof Order.Decide || order instanceof Order.KillSwitch;
  }

  private static String flow(Order order) {
    if (order instanceof Order.Trigger trigger) {
      return trigger.flow();
    }
    if (order instanceof Order.Backfill backfill) {
      return backfill.flow();
    }
    return order instanceof Order.Pause pause ? pause.flow() : ((Order.Resume) order).flow();
  }

  private Set<TableName> ofRun(LedgerReader reader, String id) {
    RunRow run = reader.run(id);
    Set<TableName> tables = new LinkedHashSet<>(List.of(run.target()));
    tables.addAll(ofFlow(reader, run.flow()));
    return tables;
  }

  private Set<TableName> ofFlow(LedgerReader reader, String flow) {
    Set<TableName> tables = new LinkedHashSet<>();
    targets.apply(flow).ifPresent(tables::add);
    reader.flows().stream()
        .filter(row -> row.name().equals(flow))
        .map(FlowRow::target)
        .forEach(target -> tables.add(target.orElse(NOT_KNOWN)));
    if (tables.size() > 1) {
      tables.remove(NOT_KNOWN);
    }
    return tables;
  }

  private Set<TableName> ofLetters(LedgerReader reader, List<String> letters) {
    Set<TableName> tables = new LinkedHashSet<>();
    if (!letters.isEmpty()) {
      reader.deadLetters(DeadLetterSelection.of(letters), letters.size()).stream()
          .map(DeadLetterRow::table)
          .map(TableName::parse)
          .forEach(tables::add);
    }
    return tables;
  }
}
