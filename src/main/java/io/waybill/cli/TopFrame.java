package io.waybill.cli;

import io.waybill.ledger.FlowRow;
import io.waybill.ledger.RouteFileRow;
import io.waybill.ledger.RunRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What {@code top} shows: the flows, what is the matter with them, and the newest runs. */
final class TopFrame {
  private static final int SHOWN_RUNS = 20;
  private final TopLook now;
  private final Map<String, Long> rows;
  private final Map<String, Long> bytes;
  private final Duration time;

  /**
   * Of two looks.
   *
   * @param before the earlier one, that rates are told from
   */
  TopFrame(TopLook before, TopLook now) {
    this.now = now;
    this.rows = now.gained(before, RunRow::rows);
    this.bytes = now.gained(before, RunRow::bytes);
    this.time = now.since(before);
  }

  /** The first line, which stays when one scrolls. */
  String head(String home) {
    return "waybill %s  %s  %s  audit events waiting: %s"
        .formatted(
            home,
            now.serving() ? "serving" : "not serving",
            Text.time(now.at()),
            Text.count(now.auditPending()));
  }

  /** Everything below it. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        Text.table(
            List.of("FLOW", "STATE", "ROWS/S", "MB/S", "IN FLIGHT", "DEAD", "LAST RUN", "TABLE"),
            now.flows().stream()
                .sorted(Comparator.comparingInt(this::rank).thenComparing(FlowRow::name))
                .map(this::flow)
                .toList()));
    if (now.flows().isEmpty()) {
      lines.add("no flows yet");
    }
    now.flows().forEach(flow -> flow.hold().ifPresent(hold -> lines.addAll(held(flow, hold))));
    for (RouteFileRow file : now.files()) {
      file.refusal()
          .ifPresent(
              refusal ->
                  lines.add("refused: %s: %s".formatted(file.name(), oneLine(refusal.reason()))));
    }
    lines.add("");
    lines.addAll(
        Text.table(
            List.of("RUN", "FLOW", "STATE", "STARTED", "ROWS", "DEAD", "SIZE", "TIME", "SOURCE"),
            now.runs().stream().limit(SHOWN_RUNS).map(TopFrame::run).toList()));
    return lines;
  }

  /** What needs somebody comes first, then what is busy. */
  private int rank(FlowRow flow) {
    if (flow.hold().isPresent()) {
      return 0;
    }
    if (!flow.loaded()) {
      return 3;
    }
    return gained(rows, flow) > 0 || now.inFlight(flow.name()) > 0 ? 1 : 2;
  }

  private static long gained(Map<String, Long> gained, FlowRow flow) {
    return gained.getOrDefault(flow.name(), 0L);
  }

  private List<String> flow(FlowRow flow) {
    double seconds = Math.max(time.toNanos() / 1e9, 1e-3);
    return List.of(
        flow.name(),
        FlowsCommand.state(flow, now.serving()),
        Text.count(Math.round(gained(rows, flow) / seconds)),
        Text.megabytes(gained(bytes, flow), time),
        Text.count(now.inFlight(flow.name())),
        Text.count(now.dead().getOrDefault(flow.name(), 0L)),
        flow.lastRun().map(run -> run.state().label()).orElse("-"),
        flow.target().map(Object::toString).orElse("-"));
  }

  private static List<String> held(FlowRow flow, FlowRow.Hold hold) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "held: %s since %s: %s"
            .formatted(flow.name(), Text.time(hold.since()), oneLine(hold.reason())));
    if (!hold.remedy().isEmpty()) {
      lines.add("  remedy: " + oneLine(hold.remedy()));
    }
    return lines;
  }

  private static List<String> run(RunRow run) {
    return List.of(
        run.id(),
        run.flow(),
        run.state().label(),
        Text.time(run.started()),
        Text.count(run.rows()),
        Text.count(run.deadRows()),
        Text.size(run.bytes()),
        Text.seconds(run.movedFor()),
        oneLine(run.location()));
  }

  /** Nothing that would move the cursor. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
