package io.waybill.app;

import io.waybill.batch.SegmentPool;
import io.waybill.camel.Account;
import io.waybill.camel.AuditCarrier;
import io.waybill.camel.ClickHouseShapes;
import io.waybill.camel.Drain;
import io.waybill.camel.FlowHold;
import io.waybill.camel.FlowHolds;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.RouteFiles.WaitingFile;
import io.waybill.camel.Spool;
import io.waybill.camel.WaybillComponent;
import io.waybill.camel.WaybillServices;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.MemoryBudget;
import io.waybill.delivery.RunListeners;
import io.waybill.delivery.SourceLocks;
import io.waybill.ledger.JdbcLedger;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.util.StringHelper;

/**
 * The flows of a home in their Camel context, with what starts, holds, delivers and orders them.
 * Thread-safe once they are started.
 */
final class FlowSite {
  private final HomeSite site;
  private final WaybillConfig config;
  private final JdbcLedger ledger;
  private final Application.Options options;
  private final Clock clock;
  private final RunProgress progress;
  private final FlowClaims claims;
  private final CamelContext context;
  private final FlowHolds holds;
  private final Policing policing;
  private final TriggerSite triggers;
  private final Drain drain;
  private final Spool spool;
  private final WaybillComponent waybill;
  private final RouteFiles routes;
  private final RouteNotes notes;
  private final AuditCarrier audit;
  private FlowPreflight preflight;
  private FlowStarter starter;
  private OrderSite orders;

  /**
   * Loads the flows; none is started yet.
   *
   * @param closing takes what is to be closed, also if this fails
   * @param stopping whether the application was told to stop
   */
  FlowSite(HomeSite site, Application.Options options, Closing closing, BooleanSupplier stopping)
      throws Exception {
    this.site = site;
    this.config = site.config();
    this.ledger = site.ledger();
    this.options = options;
    this.clock = site.clock();
    this.progress = new RunProgress(clock);
    this.claims = new FlowClaims(ledger, this::scheme);
    Home home = site.home();
    context = closing.add(new CamelRuntime(home, config, site.access())).start();
    holds =
        new FlowHolds(
            context,
            ledger,
            new FlowHolds.Settings(
                !options.once(), config.hold().probeInitial(), config.hold().probeMax()),
            clock);
    policing = new Policing(site.policies(), context, holds, ledger, clock);
    triggers =
        closing.add(
            new TriggerSite(
                config,
                options,
                ledger.triggers(),
                flow -> holds.of(flow).map(FlowHold::reason),
                site.observing().alerts(),
                clock));
    drain = new Drain(context, clock, config.limits().onceIdle());
    if (options.once()) {
      drain.install();
    }
    spool = new Spool(home.data().resolve("spool"), config.spool());
    spool.sweep();
    waybill = new WaybillComponent(services(stopping));
    routes = prepared();
    closing.add(site.observing().alert(context, holds));
    routes.loadUser();
    notes = new RouteNotes(home, ledger.routes(clock), routes);
    notes.started();
    policing.started();
    audit =
        closing.add(
            AuditCarrying.start(context, ledger, shapes(Account.DEFAULT), clock, site.faults()));
  }

  private String scheme(String flow) {
    Route route = context.getRoute(flow);
    return route == null ? "" : StringHelper.before(route.getEndpoint().getEndpointUri(), ":");
  }

  private RouteFiles prepared() throws IOException {
    return RouteLoading.prepare(
        context,
        site.home(),
        config,
        site.access().connections(),
        waybill,
        policing.rights(),
        new HttpGate(this::flow, holds, context),
        triggers.routes(),
        holds,
        ledger.offsets(),
        site.observing().watch());
  }

  private ClickHouseShapes shapes(Account account) {
    return new ClickHouseShapes(
        site.access().connections().of(account), config.clickHouse().provenance());
  }

  private WaybillServices services(BooleanSupplier stopping) {
    MemoryBudget memory = MemoryBudget.ofHeap();
    return new WaybillServices(
        ledger,
        ledger,
        site.deadLetters(),
        new RunListeners(
            List.of(
                site.observing().listener(new RunLog(progress, drain)),
                // flows that wait for others are told last
                new TriggerListener(triggers.routes(), triggers::triggers))),
        holds,
        this::shapes,
        policing.rights(),
        spool,
        new SegmentPool(memory.bytes()),
        memory,
        new SourceLocks(claims::objection),
        clock,
        limits(config),
        site.faults(),
        name -> flow(name).isPresent(),
        ledger.claims(),
        triggers.cancellations(),
        stopping);
  }

  static WaybillServices.Limits limits(WaybillConfig config) {
    return new WaybillServices.Limits(
        config.limits().filesQuiet(),
        config.limits().maxRecord().bytes(),
        config.limits().auditBacklog());
  }

  private Optional<LoadedFlow> flow(String name) {
    return routes.flow(name);
  }

  /** Makes what starts flows and carries orders out. */
  void connect() {
    LedgerCheck check = new LedgerCheck(ledger, site.client());
    preflight =
        new FlowPreflight(
            context,
            new Preflights(site.access(), config),
            config.clickHouse().provenance(),
            flow ->
                FlowGate.resting(ledger.triggers(), flow)
                    .or(check::objection)
                    .or(() -> claims.objection(flow)));
    site.observing().places().connect(this::client);
    starter = new FlowStarter(context, ledger, holds, preflight, this::goOn);
    FlowGate gate =
        new FlowGate(context, ledger.triggers(), holds, routes::flow, starter::start, clock);
    policing.connect(routes, gate);
    triggers.declare(routes, gate, flow -> routes.flow(flow).map(preflight::endpoint));
    FlowDesk desk = new FlowDesk(routes::flow, preflight, holds, waybill);
    orders = new OrderSite(site, desk, triggers, gate, policing, this::client);
    holds.connect(
        flow -> routes.retry(flow).or(() -> routes.flow(flow).flatMap(preflight::look)),
        this::goOn);
  }

  /** Starts what may run; routes that flows may send to come first. */
  void start() {
    routes.otherRoutes().forEach(starter::startRoute);
    if (options.idle()) {
      return;
    }
    for (WaitingFile file : routes.waiting()) {
      FlowSelection.among(file.flows(), options.flows())
          .forEach(flow -> starter.startLater(flow, file.failure()));
    }
    chosen().forEach(starter::start);
    triggers.serve(
        flow ->
            routes.flow(flow).isPresent() && (!ledger.claims().shared() || claims.isHere(flow)));
  }

  /** Sees to what a crash or a hold left of a flow that runs. */
  void goOn(String flow) {
    waybill.deliverSpooled(flow);
    orders.resumeReplays(flow);
    triggers.goOn(flow);
  }

  private ClickHouseClient client(String flow) {
    return site.access()
        .connections()
        .of(
            flow(flow)
                .map(each -> preflight.endpoint(each).standing().account())
                .orElse(Account.DEFAULT));
  }

  /** Whether the sources are empty, and the papers of what they brought are in ClickHouse. */
  boolean isDrained() {
    try {
      return triggers.triggers().isIdle()
          && drain.isDrained()
          && waybill.isIdle()
          && (ledger.pending() == 0 || isAuditStuck());
    } catch (LedgerException e) {
      return isAuditStuck(); // it is not known what is left; the next look may tell
    }
  }

  /** Nobody waits long for the papers of a start that delivered nothing. */
  private boolean isAuditStuck() {
    return audit.isStuck() || (!audit.trouble().isEmpty() && progress.all().isEmpty());
  }

  /** Flows that were loaded and asked for. */
  List<LoadedFlow> chosen() {
    return FlowSelection.of(routes, options.flows());
  }

  /** Whether a flow is delivered by this process. */
  boolean isHere(String flow) {
    return claims.isHere(flow);
  }

  OrderSite orders() {
    return orders;
  }

  RunProgress progress() {
    return progress;
  }

  CamelContext context() {
    return context;
  }

  FlowHolds holds() {
    return holds;
  }

  Policing policing() {
    return policing;
  }

  Drain drain() {
    return drain;
  }

  Spool spool() {
    return spool;
  }

  WaybillComponent waybill() {
    return waybill;
  }

  RouteFiles routes() {
    return routes;
  }

  RouteNotes notes() {
    return notes;
  }

  AuditCarrier audit() {
    return audit;
  }

  FlowPreflight preflight() {
    return preflight;
  }
}
