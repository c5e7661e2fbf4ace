package io.waybill.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.app.LedgerListings;
import io.waybill.control.Listings;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.KillSwitchRow;
import io.waybill.ledger.PolicyFileRow;
import io.waybill.ledger.RouteFileRow;
import io.waybill.ledger.UpstreamRow;
import io.waybill.schedule.FlowGraph;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the flows. */
@Command(
    name = "flows",
    mixinStandardHelpOptions = true,
    description = "List the flows with their state, from the ledger.")
final class FlowsCommand extends WaybillCommand {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--graph", description = "Print which flows wait for which.")
  private boolean graph;

  @Override
  int run() {
    try (Listings listings = new LedgerListings(home(), config())) {
      List<FlowRow> flows = listings.flows();
      List<RouteFileRow> files = listings.routeFiles();
      List<PolicyFileRow> policies = listings.policies();
      List<KillSwitchRow> kills = listings.killSwitches();
      boolean serving = listings.isServing();
      List<UpstreamRow> upstreams = listings.upstreams();
      if (json) {
        ObjectNode node = JsonOutput.flows(flows, files, upstreams, serving);
        JsonOutput.policies(node, policies, kills);
        JsonOutput.print(out(), node);
        return ExitCode.OK;
      }
      if (flows.isEmpty()) {
        files.forEach(this::explainRefusal);
        out().println("no flows yet; put a route file into " + home().folder().resolve("routes"));
        return ExitCode.OK;
      }
      if (graph) {
        graph(flows, upstreams).forEach(out()::println);
        return ExitCode.OK;
      }
      Text.table(
              List.of("FLOW", "STATE", "TABLE", "LAST RUN", "ROWS", "NEXT DUE", "DECLARED IN"),
              flows.stream().map(flow -> row(flow, serving)).toList())
          .forEach(out()::println);
      flows.forEach(this::explainHold);
      explainWaiting(upstreams);
      files.forEach(this::explainRefusal);
      policies.forEach(this::explainRefusal);
      kills.forEach(this::explain);
      return ExitCode.OK;
    }
  }

  private void explainRefusal(PolicyFileRow policy) {
    policy
        .refusal()
        .ifPresent(
            refusal -> {
              out().println();
              out()
                  .println(
                      "policy.yaml was not taken at %s: %s"
                          .formatted(Text.time(refusal.since()), refusal.reason()));
              out().println("  the one before holds");
            });
  }

  private void explain(KillSwitchRow kill) {
    out().println();
    out()
        .println(
            "the kill switch of %s is on, by %s since %s"
                .formatted(kill, kill.by(), Text.time(kill.since())));
    out().println("  remedy: ./waybill kill-switch " + kill.name() + " off");
  }

  /** A flow whose process does not run is ready to; one that no route file has any more is not. */
  static String state(FlowRow flow, boolean serving) {
    if (!flow.loaded()) {
      return "not loaded";
    }
    if (flow.pause().isPresent()) {
      return "paused";
    }
    if (flow.hold().isPresent()) {
      return "held";
    }
    return serving ? "running" : "ready";
  }

  private static List<String> row(FlowRow flow, boolean serving) {
    return List.of(
        flow.name(),
        state(flow, serving),
        flow.target().map(Object::toString).orElse("-"),
        flow.lastRun().map(run -> run.state().label() + " " + run.id()).orElse("-"),
        flow.lastRun().map(run -> Text.count(run.rows())).orElse("-"),
        flow.nextDue().map(Text::time).orElse("-"),
        flow.declaredIn());
  }

  private static List<String> graph(List<FlowRow> flows, List<UpstreamRow> upstreams) {
    Map<String, List<String>> waits =
        upstreams.stream()
            .collect(
                Collectors.groupingBy(
                    UpstreamRow::flow,
                    Collectors.mapping(UpstreamRow::upstream, Collectors.toList())));
    return new FlowGraph(waits)
        .lines(flows.stream().filter(FlowRow::loaded).map(FlowRow::name).toList());
  }

  /** A flow whose upstream did not arrive is not started; that is to be seen. */
  private void explainWaiting(List<UpstreamRow> upstreams) {
    for (UpstreamRow each : upstreams) {
      if (!each.isNew() && UpstreamRow.isTrouble(each.state())) {
        out().println();
        out()
            .println(
                "%s waits for %s, whose last end was %s (%s)"
                    .formatted(each.flow(), each.upstream(), each.state(), each.cause()));
      }
    }
  }

  private void explainHold(FlowRow flow) {
    flow.hold()
        .ifPresent(
            hold -> {
              out().println();
              out()
                  .println(
                      flow.name()
                          + " is held since "
                          + Text.time(hold.since())
                          + ": "
                          + hold.reason());
              if (!hold.remedy().isEmpty()) {
                out().println("  remedy: " + hold.remedy());
              }
            });
  }

  private void explainRefusal(RouteFileRow file) {
    file.refusal()
        .ifPresent(
            refusal -> {
              out().println();
              out()
                  .println(
                      "%s was not taken at %s: %s"
                          .formatted(file.name(), Text.time(refusal.since()), refusal.reason()));
              file.loaded()
                  .ifPresent(
                      since -> out().println("  its version of " + Text.time(since) + " goes on"));
            });
  }
}
