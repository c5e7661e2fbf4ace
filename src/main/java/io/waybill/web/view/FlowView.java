package io.waybill.web.view;

import io.waybill.control.Serving;
import io.waybill.ledger.FlowRow;
import java.util.List;
import java.util.Optional;

/** A flow. */
public record FlowView(
    @About("its name, the route id") String flow,
    @About("running, held or not loaded") String state,
    @About(value = "table that it goes to", maybe = true) String table,
    @About("route file that declares it") String declaredIn,
    @About(value = "endpoint that it reads from, without secrets", maybe = true) String source,
    @About("flows whose runs start it") List<String> after,
    @About(value = "why it is held", maybe = true) HoldView hold,
    @About(value = "its newest run", maybe = true) RunView lastRun) {
  public FlowView {
    after = List.copyOf(after);
  }

  public static FlowView of(FlowRow flow, Optional<Serving.Source> source) {
    return new FlowView(
        flow.name(),
        state(flow),
        flow.target().map(Object::toString).orElse(null),
        flow.declaredIn(),
        source.map(Serving.Source::uri).orElse(null),
        source.map(Serving.Source::after).orElse(List.of()),
        flow.hold().map(hold -> HoldView.of(flow.name(), hold)).orElse(null),
        flow.lastRun().map(RunView::of).orElse(null));
  }

  private static String state(FlowRow flow) {
    if (!flow.loaded()) {
      return "not loaded";
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
