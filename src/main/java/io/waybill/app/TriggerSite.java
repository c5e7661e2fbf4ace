package io.waybill.app;

import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteTriggers;
import io.waybill.camel.WaybillEndpoint;
import io.waybill.delivery.Cancellations;
import io.waybill.delivery.RunIds;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.TriggerBook;
import io.waybill.ledger.TriggerKind;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.UpstreamRow;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that starts flows in one process: schedules, people, other flows. Thread-safe. */
final class TriggerSite implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TriggerSite.class);
  private static final Duration TICK = Duration.ofMillis(200);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private final WaybillConfig config;
  private final Application.Options options;
  private final Clock clock;
  private final TriggerBook book;
  private final Cancellations cancellations = new Cancellations();
  private final RouteTriggers routes;
  private final Triggers triggers;
  private final Alerts alerts;
  private volatile Function<String, Optional<WaybillEndpoint>> endpoints = flow -> Optional.empty();
  private Upstreams upstreams;
  private volatile boolean waiting;

  TriggerSite(
      WaybillConfig config,
      Application.Options options,
      TriggerBook book,
      Function<String, Optional<String>> held,
      Alerts alerts,
      Clock clock) {
    this.config = config;
    this.options = options;
    this.book = book;
    this.alerts = alerts;
    this.clock = clock;
    this.routes = new RouteTriggers(this::isWaiting, this::isResting);
    this.triggers =
        new Triggers(
            book, routes, config::flow, cancellations, this::isRepeatable, held, alerts, clock);
  }

  /** A flow with a schedule does nothing between its due times; draining knows no schedules. */
  private boolean isWaiting(String flow) {
    return options.idle() || (!options.once() && config.flow(flow).cron().isPresent());
  }

  /** A timer has nothing to be drained. */
  private boolean isResting(String flow) {
    return options.idle() || config.flow(flow).cron().isPresent();
  }

  private boolean isRepeatable(String flow) {
    return routes.isPolled(flow)
        || endpoints
            .apply(flow)
            .filter(endpoint -> endpoint.isKeyed() || endpoint.isReloading())
            .isPresent();
  }

  RouteTriggers routes() {
    return routes;
  }

  Cancellations cancellations() {
    return cancellations;
  }

  Triggers triggers() {
    return triggers;
  }

  TriggerDesk desk(Supplier<LedgerReader> readers, FlowGate gate) {
    return new TriggerDesk(readers, book, triggers, routes, gate, options.idle(), clock);
  }

  RunDesk runs(Supplier<LedgerReader> readers) {
    return new RunDesk(readers, book, cancellations, clock);
  }

  /**
   * Notes what flows wait for, before the first of them is started.
   *
   * @param target the waybill: endpoint of a flow that is loaded
   */
  void declare(
      RouteFiles files, FlowGate gate, Function<String, Optional<WaybillEndpoint>> target) {
    this.endpoints = target;
    this.upstreams = new Upstreams(book, triggers, gate::isOpen, clock);
    files.flows().forEach(flow -> declare(flow.name()));
    config.flows().keySet().stream()
        .filter(flow -> files.flow(flow).isEmpty())
        .forEach(flow -> LOG.warn("waybill.flows.{}: there is no such flow now", flow));
  }

  private void declare(String flow) {
    Set<String> known =
        book.upstreams().stream().map(UpstreamRow::flow).collect(Collectors.toSet());
    if (routes.after(flow).isPresent() || known.contains(flow)) {
      upstreams.declare(flow, routes.after(flow));
      waiting |= routes.after(flow).isPresent();
    }
  }

  /** A flow was started, or goes on: what was left of its triggers is seen to. */
  void goOn(String flow) {
    declare(flow);
    triggers.recover(flow);
  }

  /**
   * Begins to start flows.
   *
   * @param here whether a flow is loaded, and delivered by this process
   */
  void serve(Predicate<String> here) {
    triggers.whenEnded(this::lookAtUpstreams);
    triggers.timer().every(LOOK, this::lookAtUpstreams);
    Schedules schedules = new Schedules(book, triggers, config.flows(), here, alerts, clock);
    if (!options.once() && !schedules.isEmpty()) {
      triggers.timer().every(TICK, schedules::look);
    }
    if (options.once()) {
      options.flows().stream()
          .filter(flow -> isResting(flow) && here.test(flow) && !routes.isPolled(flow))
          .forEach(this::startNow);
    }
  }

  /** Who names a flow that rests until its next due time means now. */
  private void startNow(String flow) {
    Instant now = clock.instant();
    String by = System.getProperty("user.name");
    TriggerRow row =
        TriggerRow.queued(
            new RunIds(clock).next(),
            flow,
            TriggerKind.MANUAL,
            now,
            Collections.emptySortedMap(),
            by,
            now,
            "");
    if (book.add(List.of(row))) {
      triggers.submit(row);
    }
  }

  private void lookAtUpstreams() {
    if (waiting) {
      upstreams.look();
    }
  }

  @Override
  public void close() {
    triggers.close();
  }
}
