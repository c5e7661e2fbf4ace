package io.waybill.app;

import io.waybill.ledger.KillSwitchRow;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Kill switches that are on by order, looked up each time. Thread-safe. */
record KillSwitches(Supplier<List<KillSwitchRow>> on) {
  /** Where nobody can order any. */
  static final KillSwitches NONE = new KillSwitches(List::of);

  /** Why nothing may be written, if one of these is on. */
  Optional<Decision> objection(String flow, List<Environment> environments) {
    List<KillSwitchRow> rows = on.get();
    return rows.stream()
        .filter(
            row ->
                row.environment()
                    ? environments.stream().anyMatch(each -> each.name().equals(row.name()))
                    : row.name().equals(flow))
        .findFirst()
        .map(
            row ->
                new Decision(
                    false,
                    "",
                    "the kill switch of %s is on, by %s since %s%s"
                        .formatted(
                            row,
                            row.by(),
                            row.since(),
                            row.reason().isEmpty() ? "" : ": " + row.reason()),
                    "./waybill kill-switch %s off".formatted(row.name())));
  }
}
