package io.waybill.app;

import io.waybill.audit.HeadFile;
import io.waybill.batch.SegmentPool;
import io.waybill.camel.Account;
import io.waybill.camel.AuditCarrier;
import io.waybill.camel.ClickHouseShapes;
import io.waybill.camel.Drain;
import io.waybill.camel.FlowHold;
import io.waybill.camel.FlowHolds;
import io.waybill.camel.FlowRights;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.RouteFiles.WaitingFile;
import io.waybill.camel.RouteProblem;
import io.waybill.camel.Spool;
import io.waybill.camel.TableShapes;
import io.waybill.camel.WaybillComponent;
import io.waybill.camel.WaybillServices;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.control.Orders;
import io.waybill.control.Permissions;
import io.waybill.control.Serving;
import io.waybill.delivery.DeadLetters;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.MemoryBudget;
import io.waybill.delivery.RunListeners;
import io.waybill.delivery.SourceLocks;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.FileDeadLetters;
import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.SharedDeadLetters;
import io.waybill.metrics.StateMeters;
import io.waybill.web.Desk;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.util.StringHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waybill, running the flows of a home. {@link #close} finishes the batches in flight or leaves
 * them planned. Thread-safe.
 */
public final class Application implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Application.class);
  private static final long POLL_MILLIS = 50;

  /**
   * How to run.
   *
   * @param once end when the sources are empty
   * @param idle start no flow: only orders are carried out
   * @param flows only these; empty for all
   * @param download hears of the one-time download of ClickHouse
   * @param clock tells when flows are due
   */
  public record Options(
      boolean once, boolean idle, List<String> flows, DownloadListener download, Clock clock) {
    /** By the clock of this machine. */
    public Options(boolean once, boolean idle, List<String> flows, DownloadListener download) {
      this(once, idle, flows, download, Clock.systemUTC());
    }
  }

  private final Options options;
  private final FaultPoint faults = Faults.listening();
  private final Closing closing = new Closing();
  private final Clock clock;
  private final RunProgress progress;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private LivePolicies policies;
  private Policing policing;
  private Observing observing;
  private Access access;
  private LedgerSite site;
  private JdbcLedger ledger;
  private FlowClaims flowClaims;
  private CamelContext context;
  private FlowHolds holds;
  private RouteFiles routes;
  private RouteNotes notes;
  private Drain drain;
  private WaybillComponent waybill;
  private AuditCarrier audit;
  private AuditSigner signer;
  private OrderDesk orders;
  private Orders audited;
  private TriggerSite triggers;
  private Spool spool;
  private volatile Optional<Vitals> vitals = Optional.empty();
  private Management management;
  private final AccessTrail trail;
  private Permissions permissions;
  private String version = "(not reached)";

  private Application(Options options) {
    this.options = options;
    this.clock = options.clock();
    this.progress = new RunProgress(clock);
    this.trail = new AccessTrail(() -> Optional.ofNullable(ledger), clock);
  }

  /**
   * Starts all flows that can run; those that cannot are held or named as problems.
   *
   * @throws ConfigurationException if nothing can run here
   */
  public static Application start(Home home, WaybillConfig config, Options options)
      throws Exception {
    Application application = new Application(options);
    try {
      application.open(home, config);
      return application;
    } catch (Exception e) {
      application.close();
      throw e instanceof LedgerException ? new ConfigurationException(List.of(e.getMessage())) : e;
    }
  }

  private void open(Home home, WaybillConfig config) throws Exception {
    PlainSecrets.refuse(home, config);
    policies = LivePolicies.load(home, config);
    closing.add(HomeLock.take(home));
    observing = closing.add(new Observing(config, System.getenv()));
    permissions = new PolicyPermissions(policies, trail);
    management =
        closing.add(
            options.once() || options.idle()
                ? Management.none(home)
                : Management.open(
                    home,
                    config,
                    new Management.Callers(
                        policies,
                        trail,
                        () -> access == null ? Optional.empty() : access.vault(),
                        clock)));
    VitalPages.hang(management, () -> vitals);
    VaultTrail logins = new VaultTrail(clock);
    if (config.isLedgerShared()) {
      // Vault comes first: it may be what lets us in
      openAccess(home, config, logins);
      openLedger(LedgerSite.of(home, config, access.credentials()));
      closing.add(logins);
    } else {
      openLedger(LedgerSite.of(home, config));
      // what is given back at the end is noted
      closing.add(logins);
      openAccess(home, config, logins);
    }
    logins.open(ledger);
    signer = closing.add(signer(home, config).start(config.audit().signEvery()));
    CamelRuntime camel = closing.add(new CamelRuntime(home, config, access));
    wire(home, config, camel, access.client());
  }

  private void openAccess(Home home, WaybillConfig config, VaultTrail logins)
      throws InterruptedException {
    access = closing.add(Access.own(home, config, options.download()));
    access.vault().ifPresent(vault -> vault.listen(logins));
  }

  private AuditSigner signer(Home home, WaybillConfig config) {
    return new AuditSigner(
        ledger.trail(),
        ledger.claims(),
        AuditKeys.signer(config.audit(), home.audit(), access.vault()),
        new HeadFile(home.audit()),
        clock,
        faults);
  }

  private void openLedger(LedgerSite opened) {
    site = closing.add(opened);
    ledger = closing.add(site.open());
    observing.ledger(ledger);
    flowClaims = new FlowClaims(ledger, this::scheme);
    Interrupted.note(ledger, clock);
  }

  private String scheme(String flow) {
    Route route = context.getRoute(flow);
    return route == null ? "" : StringHelper.before(route.getEndpoint().getEndpointUri(), ":");
  }

  private void wire(Home home, WaybillConfig config, CamelRuntime camel, ClickHouseClient client)
      throws Exception {
    context = camel.start();
    holds =
        new FlowHolds(
            context,
            ledger,
            new FlowHolds.Settings(
                !options.once(), config.hold().probeInitial(), config.hold().probeMax()),
            clock);
    policing = new Policing(policies, context, holds, ledger, clock);
    triggers =
        closing.add(
            new TriggerSite(
                config,
                options,
                ledger.triggers(),
                flow -> holds.of(flow).map(FlowHold::reason),
                observing.alerts(),
                clock));
    drain = new Drain(context, clock, config.limits().onceIdle());
    if (options.once()) {
      drain.install();
    }
    Function<Account, ClickHouseShapes> shapes =
        account ->
            new ClickHouseShapes(
                access.connections().of(account), config.clickHouse().provenance());
    waybill = new WaybillComponent(services(home, config, shapes::apply));
    routes =
        RouteLoading.prepare(
            context,
            home,
            config,
            access.connections(),
            waybill,
            policing.rights(),
            new HttpGate(flow -> routes.flow(flow), holds, context),
            triggers.routes(),
            holds,
            ledger.offsets(),
            observing.watch());
    closing.add(observing.alert(context, holds));
    routes.loadUser();
    notes = new RouteNotes(home, ledger.routes(clock), routes);
    notes.started();
    policing.started();
    audit = AuditCarrying.start(context, ledger, shapes.apply(Account.DEFAULT), clock, faults);
    closing.add(audit);
    startFlows(home, config, client, waybill);
    if (management.isOpen()) {
      manage(home, config);
    }
    vitals.ifPresent(Vitals::started); // who is told so may order at once
  }

  private void manage(Home home, WaybillConfig config) {
    LedgerListings listings = closing.add(LedgerListings.within(home, site));
    ProcessView.Parts parts =
        new ProcessView.Parts(
            context, routes, holds, progress, access.connections(), deadLetterFiles(home), audited);
    Instant started = clock.instant();
    management.api(
        new Desk(
            listings,
            audited,
            new ProcessView(home, config, parts, () -> facts(home, started)),
            permissions));
  }

  private Serving.Facts facts(Home home, Instant started) {
    return new Serving.Facts(
        home.folder().toString(),
        Build.version(),
        ProcessHandle.current().pid(),
        started,
        version,
        clickHouseUrl(),
        audit.trouble());
  }

  private WaybillServices services(
      Home home, WaybillConfig config, Function<Account, TableShapes> shapes) throws IOException {
    spool = new Spool(home.data().resolve("spool"), config.spool());
    spool.sweep();
    MemoryBudget memory = MemoryBudget.ofHeap();
    return new WaybillServices(
        ledger,
        ledger,
        deadLetters(home, config),
        new RunListeners(
            List.of(
                observing.listener(new RunLog(progress, drain)),
                // flows that wait for others are told last
                new TriggerListener(triggers.routes(), triggers::triggers))),
        holds,
        shapes,
        policing.rights(),
        spool,
        new SegmentPool(memory.bytes()),
        memory,
        new SourceLocks(flowClaims::objection),
        clock,
        limits(config),
        faults,
        name -> routes.flow(name).isPresent(),
        ledger.claims(),
        triggers.cancellations(),
        closed::get);
  }

  private DeadLetters deadLetters(Home home, WaybillConfig config) {
    FileDeadLetters files = new FileDeadLetters(home.deadLetters(), config.limits().deadLetters());
    return ledger
        .archive()
        .<DeadLetters>map(archive -> new SharedDeadLetters(files, deadLetterFiles(home), archive))
        .orElse(files);
  }

  private DeadLetterFiles deadLetterFiles(Home home) {
    return new DeadLetterFiles(home.deadLetters(), ledger.archive());
  }

  static WaybillServices.Limits limits(WaybillConfig config) {
    return new WaybillServices.Limits(
        config.limits().filesQuiet(),
        config.limits().maxRecord().bytes(),
        config.limits().auditBacklog());
  }

  private void startFlows(
      Home home, WaybillConfig config, ClickHouseClient client, WaybillComponent waybill)
      throws IOException {
    LedgerCheck check = new LedgerCheck(ledger, client);
    FlowPreflight preflight =
        new FlowPreflight(
            context,
            new Preflights(access, config),
            config.clickHouse().provenance(),
            flow ->
                FlowGate.resting(ledger.triggers(), flow)
                    .or(check::objection)
                    .or(() -> flowClaims.objection(flow)));
    observing.places().connect(clients(preflight));
    FlowStarter starter = new FlowStarter(context, ledger, holds, preflight, this::goOn);
    FlowDesk desk = new FlowDesk(routes::flow, preflight, holds, waybill);
    FlowGate gate =
        new FlowGate(context, ledger.triggers(), holds, routes::flow, starter::start, clock);
    policing.connect(routes, gate);
    triggers.declare(routes, gate, flow -> routes.flow(flow).map(preflight::endpoint));
    orders =
        new OrderDesk(
            deadLetterFiles(home),
            site::read,
            ledger,
            clients(preflight),
            desk,
            triggers.desk(site::read, gate),
            triggers.runs(site::read),
            gate,
            home,
            policing,
            clock,
            faults);
    audited =
        new AuditedOrders(
            new GuardedOrders(orders, new OrderTables(site::read, desk::target), permissions),
            orders::flowOf,
            ledger,
            clock);
    holds.connect(
        flow -> routes.retry(flow).or(() -> routes.flow(flow).flatMap(preflight::look)),
        this::goOn);
    version = versionOf(client);
    if (!options.once() && !options.idle()) {
      vitals = Optional.of(vitals(client));
    }
    // routes that flows may send to come first
    routes.otherRoutes().forEach(starter::startRoute);
    if (!options.idle()) {
      for (WaitingFile file : routes.waiting()) {
        FlowSelection.among(file.flows(), options.flows())
            .forEach(flow -> starter.startLater(flow, file.failure()));
      }
      FlowSelection.of(routes, options.flows()).forEach(starter::start);
      triggers.serve(
          flow ->
              routes.flow(flow).isPresent()
                  && (!ledger.claims().shared() || flowClaims.isHere(flow)));
      closing.add(
          OrderMail.start(
              ledger.requests(),
              ledger.claims(),
              audited,
              order -> orders.flowOf(order).filter(flowClaims::isHere).isPresent(),
              config.identity().cliOidc()));
      closing.add(LedgerPruner.start(ledger, config.limits().ledgerKeep(), config.audit(), clock));
    }
    if (!options.once() && !options.idle()) {
      closing.add(policing.watch(config.reload()));
    }
    if (!options.once() && !options.idle() && config.reload().on()) {
      FlowRights looking = new PolicyRights(policies, PolicyRights.Parts.forLooking(), clock);
      closing.add(
          new Reloading(context, ledger, holds, preflight, waybill, looking, this::goOn)
              .start(home, config, access, routes, notes, options.flows(), faults));
    }
    drain.started();
    routes.problems().forEach(problem -> LOG.warn("not loaded: {}", problem));
  }

  private Vitals vitals(ClickHouseClient client) {
    Condition condition =
        new Condition(
            new Condition.Parts(
                context,
                routes,
                holds,
                waybill,
                spool,
                site,
                audit,
                signer,
                closing.add(ClickHousePulse.start(client)),
                access.credentials(),
                policing,
                options.flows()),
            clock);
    return new Vitals(
        condition, new StateMeters(observing.meters(), observing.runs(), condition::state));
  }

  /** Metrics and health; empty if it does not serve. */
  public Optional<Vitals> vitals() {
    return vitals;
  }

  /** Sees to what a crash or a hold left of a flow that runs. */
  private void goOn(String flow) {
    waybill.deliverSpooled(flow);
    orders.resumeReplays(flow);
    triggers.goOn(flow);
  }

  private Function<String, ClickHouseClient> clients(FlowPreflight preflight) {
    return flow ->
        access
            .connections()
            .of(
                routes
                    .flow(flow)
                    .map(each -> preflight.endpoint(each).standing().account())
                    .orElse(Account.DEFAULT));
  }

  private static String versionOf(ClickHouseClient client) {
    try {
      return client.lines("SELECT version()").get(0);
    } catch (QueryFailedException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  /** Waits until it is stopped or, with {@code once}, until the sources are empty. */
  public void await() throws InterruptedException {
    while (!ended.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      if (options.once() && isDrained()) {
        return;
      }
    }
  }

  private boolean isDrained() {
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

  /** Carries orders out, of those who may. */
  public Orders orders() {
    return audited;
  }

  /** What the runs of this process brought so far. */
  public RunProgress progress() {
    return progress;
  }

  /** Names of the flows that were loaded and asked for. */
  public List<String> flows() {
    return FlowSelection.of(routes, options.flows()).stream().map(LoadedFlow::name).toList();
  }

  /** Route files that were not loaded. */
  public List<RouteProblem> problems() {
    return routes.problems();
  }

  /** Flows that wait. */
  public Collection<FlowHold> holds() {
    return holds.all();
  }

  /** Audit events that wait. */
  public long auditPending() {
    return ledger.pending();
  }

  /** Why they wait; may be empty. */
  public String auditTrouble() {
    return audit.trouble();
  }

  /** Version of the ClickHouse that answers. */
  public String clickHouseVersion() {
    return version;
  }

  /** Where dashboard and API are; empty if nowhere. */
  public Optional<String> managementUrl() {
    return management.url();
  }

  /** Where ClickHouse is. */
  public String clickHouseUrl() {
    return access.supply().url();
  }

  /** Whether it was told to stop. */
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      ended.countDown();
      try {
        closing.closeAll();
      } catch (IOException e) {
        LOG.warn("stopping was not clean: {}", e.getMessage());
      }
    }
  }
}
