package io.waybill.ledger;

import io.waybill.delivery.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs are meant: those that meet everything that is given.
 *
 * @param flow of this flow
 * @param states in one of these, or in any if there are none
 * @param since begun since then
 * @param text with this in their id, flow, location or reason, in whatever case
 * @param before begun before the run of this id, which is how a listing goes on
 */
public record RunSelection(
    Optional<String> flow,
    Set<RunState> states,
    Optional<Instant> since,
    Optional<String> text,
    Optional<String> before) {

  /** All of them. */
  public static final RunSelection ALL =
      new RunSelection(
          Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), Optional.empty());

  public RunSelection {
    states = Set.copyOf(states);
  }

  /** A condition on {@code run}, and the values to bind. */
  record Condition(String sql, List<Object> values) {}

  Condition condition() {
    List<String> parts = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    flow.ifPresent(
        name -> {
          parts.add("run.flow = ?");
          values.add(name);
        });
    if (!states.isEmpty()) {
      parts.add(
          "run.state IN (%s)"
              .formatted(String.join(", ", Collections.nCopies(states.size(), "?"))));
      states.forEach(state -> values.add(state.label()));
    }
    since.ifPresent(
        time -> {
          parts.add("run.started_at >= ?");
          values.add(time);
        });
    text.ifPresent(
        each -> {
          parts.add(
              "LOWER(run.id || ' ' || run.flow || ' ' || run.location || ' ' || run.reason)"
                  + " LIKE ? ESCAPE '!'");
          values.add("%" + escaped(each.toLowerCase(Locale.ROOT)) + "%");
        });
    before.ifPresent(
        id -> {
          parts.add("run.number < (SELECT number FROM run AS other WHERE other.id = ?)");
          values.add(id);
        });
    return new Condition(parts.isEmpty() ? "1 = 1" : String.join(" AND ", parts), values);
  }

  private static String escaped(String text) {
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
  }
}
