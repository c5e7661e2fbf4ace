package io.waybill.web.view;

import io.waybill.control.Serving;
import io.waybill.ledger.FlowRow;
import java.util.List;
import java.util.Optional;

/** A flow. */
public record FlowView(
    @About("its name, the route id") String flow,
    @About("running, held, paused or not loaded") String state,
    @About(value = "table that it goes to", maybe = true) String table,
    @About("route file that declares it") String declaredIn,
    @About(value = "endpoint that it reads from, without secrets", maybe = true) String source,
    @About("flows whose runs start it") List<String> after,
    @About("when it is started, in words; empty if it has no schedule") String schedule,
    @About(value = "when it is due next", maybe = true, time = true) String nextDueAt,
    @About(value = "who wants it to rest, if somebody does", maybe = true) String pausedBy,
    @About(value = "why it is held", maybe = true) HoldView hold,
    @About(value = "kill switch that lets it write nothing", maybe = true)
        KillSwitchView killSwitch,
    @About(value = "its newest run", maybe = true) RunView lastRun) {
  public FlowView {
    after = List.copyOf(after);
  }

  public static FlowView of(
      FlowRow flow, Optional<Serving.Source> source, Optional<KillSwitchView> stop) {
    return new FlowView(
        flow.name(),
        state(flow),
        flow.target().map(Object::toString).orElse(null),
        flow.declaredIn(),
        source.map(Serving.Source::uri).orElse(null),
        source.map(Serving.Source::after).orElse(List.of()),
        flow.schedule(),
        Times.of(flow.nextDue()),
        flow.pause().map(FlowRow.Pause::by).orElse(null),
        flow.hold().map(hold -> HoldView.of(flow.name(), hold)).orElse(null),
        stop.orElse(null),
        flow.lastRun().map(RunView::of).orElse(null));
  }

  private static String state(FlowRow flow) {
    if (!flow.loaded()) {
      return "not loaded";
    }
    if (flow.pause().isPresent()) {
      return "paused";
    }
    return flow.hold().isPresent() ? "held" : "running";
  }

  /** All flows. */
  public record Listing(@About("by name") List<FlowView> flows) {
    public Listing {
      flows = List.copyOf(flows);
    }
  }
}
