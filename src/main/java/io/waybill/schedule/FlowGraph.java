package io.waybill.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which flows wait for which. Immutable. */
public final class FlowGraph {
  private final Map<String, Set<String>> upstreams;

  /**
   * A graph.
   *
   * @param upstreams by flow what it waits for
   */
  public FlowGraph(Map<String, ? extends Collection<String>> upstreams) {
    Map<String, Set<String>> copy = new TreeMap<>();
    upstreams.forEach((flow, waitsFor) -> copy.put(flow, new TreeSet<>(waitsFor)));
    this.upstreams = copy;
  }

  /**
   * A way from a flow to itself along what waits for it, first and last the same; if there is one.
   */
  public Optional<List<String>> cycle(String flow) {
    return way(flow, flow, new HashSet<>());
  }

  private Optional<List<String>> way(String from, String to, Set<String> seen) {
    for (String upstream : upstreams.getOrDefault(from, Set.of())) {
      if (upstream.equals(to)) {
        return Optional.of(List.of(to, from));
      }
      if (seen.add(upstream)) {
        Optional<List<String>> way = way(upstream, to, seen);
        if (way.isPresent()) {
          List<String> longer = new ArrayList<>(way.get());
          longer.add(from);
          return Optional.of(longer);
        }
      }
    }
    return Optional.empty();
  }

  /** The flows as a tree, each below what it waits for, indented by two blanks. */
  public List<String> lines(Collection<String> flows) {
    Set<String> all = new TreeSet<>(flows);
    upstreams.forEach(
        (flow, waitsFor) -> {
          all.add(flow);
          all.addAll(waitsFor);
        });
    List<String> lines = new ArrayList<>();
    for (String flow : all) {
      if (upstreams.getOrDefault(flow, Set.of()).isEmpty()) {
        add(flow, new ArrayDeque<>(), lines);
      }
    }
    return lines;
  }

  private void add(String flow, Deque<String> above, List<String> lines) {
    Set<String> others = new TreeSet<>(upstreams.getOrDefault(flow, Set.of()));
    if (!above.isEmpty()) {
      others.remove(above.peek());
    }
    lines.add(
        "  ".repeat(above.size())
            + (above.isEmpty() ? "" : "-> ")
            + flow
            + (others.isEmpty() ? "" : " (also after " + String.join(", ", others) + ")"));
    if (above.contains(flow)) {
      return; // never loaded so, but the ledger may still have it
    }
    above.push(flow);
    upstreams.forEach(
        (below, waitsFor) -> {
          if (waitsFor.contains(flow)) {
            add(below, above, lines);
          }
        });
    above.pop();
  }
}
