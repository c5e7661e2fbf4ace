package io.waybill.app;

import io.waybill.camel.FlowRights;
import io.waybill.control.Serving;
import io.waybill.metrics.StateMeters;
import io.waybill.web.Desk;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a process does besides delivering: it carries out what others order, watches files, tells
 * how it is, and opens dashboard and API. Thread-safe.
 */
final class ServingSite {
  private final HomeSite site;
  private final FlowSite flows;
  private final Application.Options options;
  private final Closing closing;
  private final String version;
  private final Optional<Vitals> vitals;

  /**
   * Begins to tell how it is, if it serves.
   *
   * @param closing takes what is to be closed
   */
  ServingSite(HomeSite site, FlowSite flows, Application.Options options, Closing closing) {
    this.site = site;
    this.flows = flows;
    this.options = options;
    this.closing = closing;
    this.version = site.clickHouseVersion();
    this.vitals = options.isServing() ? Optional.of(newVitals()) : Optional.empty();
  }

  private Vitals newVitals() {
    Condition condition =
        new Condition(
            new Condition.Parts(
                flows.context(),
                flows.routes(),
                flows.holds(),
                flows.waybill(),
                flows.spool(),
                site.ledgerSite(),
                flows.audit(),
                site.signer(),
                closing.add(ClickHousePulse.start(site.client())),
                site.access().credentials(),
                flows.policing(),
                options.flows()),
            site.clock());
    Observing observing = site.observing();
    return new Vitals(
        condition, new StateMeters(observing.meters(), observing.runs(), condition::state));
  }

  /** Metrics and health; empty if it does not serve. */
  Optional<Vitals> vitals() {
    return vitals;
  }

  /** Version of the ClickHouse that answers. */
  String clickHouseVersion() {
    return version;
  }

  /**
   * Takes orders of other processes and changes of files from now on.
   *
   * @throws IOException if files cannot be watched
   */
  void watch() throws IOException {
    WaybillConfig config = site.config();
    if (!options.idle()) {
      closing.add(
          OrderMail.start(
              site.ledger().requests(),
              site.ledger().claims(),
              flows.orders().orders(),
              order -> flows.orders().flowOf(order).filter(flows::isHere).isPresent(),
              config.identity().cliOidc()));
      closing.add(
          LedgerPruner.start(
              site.ledger(), config.limits().ledgerKeep(), config.audit(), site.clock()));
    }
    if (options.isServing()) {
      closing.add(flows.policing().watch(config.reload()));
    }
    if (options.isServing() && config.reload().on()) {
      closing.add(watchRoutes());
    }
  }

  private RouteWatch watchRoutes() throws IOException {
    FlowRights looking =
        new PolicyRights(site.policies(), PolicyRights.Parts.forLooking(), site.clock());
    return new Reloading(
            flows.context(),
            site.ledger(),
            flows.holds(),
            flows.preflight(),
            flows.waybill(),
            looking,
            flows::goOn)
        .start(
            site.home(),
            site.config(),
            site.access(),
            flows.routes(),
            flows.notes(),
            options.flows(),
            site.faults());
  }

  /** Opens dashboard and API, where there is a port for them; then it says that it is ready. */
  void answer() {
    if (site.management().isOpen()) {
      site.management().api(desk());
    }
    vitals.ifPresent(Vitals::started); // who is told so may order at once
  }

  private Desk desk() {
    LedgerListings listings = closing.add(LedgerListings.within(site.home(), site.ledgerSite()));
    ProcessView.Parts parts =
        new ProcessView.Parts(
            flows.context(),
            flows.routes(),
            flows.holds(),
            flows.progress(),
            site.access().connections(),
            site.deadLetterFiles(),
            flows.orders().orders());
    Instant started = site.clock().instant();
    return new Desk(
        listings,
        flows.orders().orders(),
        new ProcessView(site.home(), site.config(), parts, () -> facts(started)),
        site.permissions());
  }

  private Serving.Facts facts(Instant started) {
    return new Serving.Facts(
        site.home().folder().toString(),
        Build.version(),
        ProcessHandle.current().pid(),
        started,
        version,
        site.clickHouseUrl(),
        flows.audit().trouble());
  }
}
