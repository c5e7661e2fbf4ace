package io.waybill.app;

import io.waybill.camel.FlowHold;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.RouteProblem;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.control.Orders;
import io.waybill.delivery.LedgerException;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Whether it runs until it is stopped. */
    boolean isServing() {
      return !once && !idle;
    }
  }

  private final Options options;
  private final Closing closing = new Closing();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private HomeSite site;
  private FlowSite flows;
  private volatile ServingSite serving;

  private Application(Options options) {
    this.options = options;
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
    site = HomeSite.open(home, config, options, closing, this::vitals);
    flows = new FlowSite(site, options, closing, closed::get);
    flows.connect();
    serving = new ServingSite(site, flows, options, closing);
    flows.start();
    serving.watch();
    flows.drain().started();
    problems().forEach(problem -> LOG.warn("not loaded: {}", problem));
    serving.answer();
  }

  /** Metrics and health; empty if it does not serve. */
  public Optional<Vitals> vitals() {
    return serving == null ? Optional.empty() : serving.vitals();
  }

  /** Waits until it is stopped or, with {@code once}, until the sources are empty. */
  public void await() throws InterruptedException {
    while (!ended.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      if (options.once() && flows.isDrained()) {
        return;
      }
    }
  }

  /** Carries orders out, of those who may. */
  public Orders orders() {
    return flows.orders().orders();
  }

  /** What the runs of this process brought so far. */
  public RunProgress progress() {
    return flows.progress();
  }

  /** Names of the flows that were loaded and asked for. */
  public List<String> flows() {
    return flows.chosen().stream().map(LoadedFlow::name).toList();
  }

  /** Route files that were not loaded. */
  public List<RouteProblem> problems() {
    return flows.routes().problems();
  }

  /** Flows that wait. */
  public Collection<FlowHold> holds() {
    return flows.holds().all();
  }

  /** Audit events that wait. */
  public long auditPending() {
    return site.ledger().pending();
  }

  /** Why they wait; may be empty. */
  public String auditTrouble() {
    return flows.audit().trouble();
  }

  /** Version of the ClickHouse that answers. */
  public String clickHouseVersion() {
    return serving.clickHouseVersion();
  }

  /** Where dashboard and API are; empty if nowhere. */
  public Optional<String> managementUrl() {
    return site.management().url();
  }

  /** Where ClickHouse is. */
  public String clickHouseUrl() {
    return site.clickHouseUrl();
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
