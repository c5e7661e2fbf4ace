package io.waybill.cli;

import io.waybill.app.RunProgress.Snapshot;
import io.waybill.camel.FlowHold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is said of a run: one line while it runs, a few when it is over. */
final class RunLines {
  private RunLines() {}

  static String live(Snapshot run) {
    StringBuilder line = new StringBuilder();
    line.append(run.flow()).append("  ").append(Text.count(run.rows(), "row"));
    line.append("  ").append(Text.perSecond(run.rows(), run.elapsed()));
    line.append("  ").append(Text.megabytesPerSecond(run.bytes(), run.elapsed()));
    line.append(String.format(Locale.ROOT, "  %3.0f %%", run.fraction() * 100));
    if (run.fraction() > 0.01 && run.fraction() < 1) {
      double left = run.elapsed().toMillis() * (1 - run.fraction()) / run.fraction();
      line.append("  eta ").append(Text.seconds(Duration.ofMillis((long) left)));
    }
    return line.append("  ").append(run.location()).toString();
  }

  static List<String> ended(Snapshot run) {
    List<String> lines = new ArrayList<>();
    String head = run.flow() + ": " + run.location() + " -> " + run.table();
    if (run.unchanged()) {
      lines.add(head + ": nothing new, loaded already by run " + run.run());
      return lines;
    }
    lines.add(head + ": " + run.state().label() + (run.resumed() ? ", resumed" : ""));
    lines.add(
        "  %s, %s in %s, %s, %s, %s"
            .formatted(
                Text.count(run.rows(), "row"),
                Text.size(run.bytes()),
                Text.seconds(run.elapsed()),
                Text.perSecond(run.rows(), run.elapsed()),
                Text.count(run.batches(), "batch"),
                Text.count(run.deadRows(), "dead letter")));
    lines.add("  run " + run.run() + queryIds(run));
    if (!run.reason().isEmpty()) {
      lines.add("  reason: " + run.reason());
    }
    if (!run.remedy().isEmpty()) {
      lines.add("  remedy: " + run.remedy());
    }
    return lines;
  }

  static List<String> held(FlowHold hold) {
    List<String> lines = new ArrayList<>();
    lines.add("held: " + hold.flow() + ": " + hold.reason());
    if (!hold.remedy().isEmpty()) {
      lines.add("  remedy: " + hold.remedy());
    }
    return lines;
  }

  private static String queryIds(Snapshot run) {
    if (run.firstBatch().isEmpty()) {
      return "";
    }
    return run.firstBatch().equals(run.lastBatch())
        ? ", query id " + run.firstBatch()
        : ", query ids " + run.firstBatch() + " to " + run.lastBatch();
  }
}
