package io.waybill.app;

import io.waybill.camel.FlowHolds;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.control.Answer;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.TriggerBook;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.Suspendable;
import org.apache.camel.support.service.ServiceHelper;

/** Whether flows may run, as far as people say; a flow that rests is held until it may. */
final class FlowGate {
  private final CamelContext context;
  private final TriggerBook book;
  private final FlowHolds holds;
  private final Function<String, Optional<LoadedFlow>> flows;
  private final Consumer<LoadedFlow> starter;
  private final Clock clock;

  /**
   * A gate.
   *
   * @param starter starts a flow that is not started
   */
  FlowGate(
      CamelContext context,
      TriggerBook book,
      FlowHolds holds,
      Function<String, Optional<LoadedFlow>> flows,
      Consumer<LoadedFlow> starter,
      Clock clock) {
    this.context = context;
    this.book = book;
    this.holds = holds;
    this.flows = flows;
    this.starter = starter;
    this.clock = clock;
  }

  /** Why a flow may not run now. */
  static Optional<Failure> resting(TriggerBook book, String flow) {
    return book.paused(flow)
        .map(
            pause ->
                new Failure(
                    Verdict.HOLD,
                    0,
                    "PAUSED",
                    "it is paused by %s since %s".formatted(pause.by(), pause.since()),
                    "./waybill resume " + flow));
  }

  /** Why a flow cannot be started by a trigger now. */
  Optional<String> objection(String flow) {
    if (flows.apply(flow).isEmpty()) {
      return Optional.of("flow " + flow + " is not loaded; ./waybill flows lists those that are");
    }
    return holds
        .of(flow)
        .map(hold -> "flow %s is held: %s. %s".formatted(flow, hold.reason(), hold.remedy()))
        .or(
            () ->
                resting(book, flow)
                    .map(
                        failure ->
                            "flow " + flow + ": " + failure.summary() + ". " + failure.remedy()));
  }

  /** Whether a flow is started and not held. */
  boolean isOpen(String flow) {
    Route route = context.getRoute(flow);
    return route != null
        && holds.of(flow).isEmpty()
        && ServiceHelper.isStarted(route.getConsumer())
        && flows.apply(flow).isPresent();
  }

  void start(String flow) {
    if (!isOpen(flow)) {
      flows.apply(flow).ifPresent(starter);
    }
  }

  Answer pause(String flow, String by) {
    if (flows.apply(flow).isEmpty()) {
      return Answers.refused("flow " + flow + " is not loaded");
    }
    if (book.paused(flow).isPresent()) {
      return Answers.done("flow " + flow + " is paused already");
    }
    book.pause(flow, Optional.of(new FlowRow.Pause(by, clock.instant())));
    holds.hold(flow, resting(book, flow).orElseThrow());
    rest(flow);
    return Answers.done(
        "flow %s is paused; what is on its way arrives. ./waybill resume %s".formatted(flow, flow));
  }

  /** Holds a flow that runs; what is on its way is told by its next insert. */
  void hold(String flow, Failure failure) {
    holds.hold(flow, failure);
    rest(flow);
  }

  private void rest(String flow) {
    Route route = context.getRoute(flow);
    if (route != null && route.getConsumer() instanceof Suspendable) {
      var unused = ServiceHelper.suspendService(route.getConsumer());
    }
  }

  Answer resume(String flow) {
    if (book.paused(flow).isEmpty()) {
      return Answers.refused("flow " + flow + " is not paused");
    }
    book.pause(flow, Optional.empty());
    holds.lookNow(flow);
    return Answers.done("flow " + flow + " goes on");
  }
}
