package io.waybill.app;

import io.waybill.control.Order;
import io.waybill.delivery.TableName;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RunNotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/** The flows that an order is about, with their tables, by the ledger. Thread-safe. */
record OrderTargets(Supplier<LedgerReader> readers, Function<Order, Optional<String>> flowOf)
    implements ApprovalDesk.Targets {

  @Override
  public Map<String, TableName> of(Order order) {
    try (LedgerReader reader = readers.get()) {
      Set<String> flows = new TreeSet<>();
      if (order instanceof Order.Replay replay) {
        flows.addAll(ofLetters(reader, replay.letters()));
      } else if (order instanceof Order.ReplayMended mended) {
        flows.addAll(ofLetters(reader, mended.letters()));
      } else if (order instanceof Order.Discard discard) {
        flows.addAll(ofLetters(reader, discard.letters()));
      } else {
        flowOf.apply(order).ifPresent(flows::add);
      }
      Map<String, TableName> tables = new TreeMap<>();
      for (FlowRow flow : reader.flows()) {
        if (flows.contains(flow.name())) {
          flow.target().ifPresent(table -> tables.put(flow.name(), table));
        }
      }
      return tables;
    } catch (RunNotFoundException e) {
      return Map.of(); // who carries it out says so
    }
  }

  private static List<String> ofLetters(LedgerReader reader, List<String> letters) {
    return reader.deadLetters(DeadLetterSelection.of(letters), Integer.MAX_VALUE).stream()
        .map(DeadLetterRow::flow)
        .toList();
  }
}
