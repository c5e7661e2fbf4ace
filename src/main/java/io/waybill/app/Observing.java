package io.waybill.app;

import io.waybill.camel.AlertRoute;
import io.waybill.camel.AlertRoute.Alert;
import io.waybill.camel.FlowHolds;
import io.waybill.camel.LogMarks;
import io.waybill.delivery.InsertWatch;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunListeners;
import io.waybill.ledger.JdbcLedger;
import io.waybill.lineage.OpenLineageExport;
import io.waybill.metrics.Meter;
import io.waybill.metrics.Meters;
import io.waybill.metrics.RunMeters;
import io.waybill.traces.RunTraces;
import io.waybill.traces.Tracing;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;

/** What watches the runs of a process: marks in the log, alerts and, if it serves, meters. */
final class Observing implements AutoCloseable {
  private final Meters meters = new Meters();
  private final RunMeters runs = new RunMeters(meters);
  private final Alerts alerts = new Alerts(this::tell);
  private final Optional<Tracing> tracing;
  private final List<RunTraces> traces;
  private final LineagePlaces places = new LineagePlaces();
  private final Optional<OpenLineageExport> lineage;
  private final CompletableFuture<AlertRoute> route = new CompletableFuture<>();

  /**
   * By these settings.
   *
   * @param environment may say where traces go
   */
  Observing(WaybillConfig config, Map<String, String> environment) {
    this.tracing = Tracing.open(config.tracesEndpoint(), environment);
    this.traces = tracing.map(Tracing::runs).stream().toList();
    this.lineage = lineage(config.lineage());
  }

  private Optional<OpenLineageExport> lineage(LineageConfig config) {
    OpenLineageExport.Told told =
        new OpenLineageExport.Told(config.namespace(), Build.version(), config.queue());
    Consumer<String> counted = outcome -> meters.count(Meter.LINEAGE_EVENTS, outcome);
    Clock clock = Clock.systemUTC();
    return switch (config.transport()) {
      case OFF -> Optional.empty();
      case FILE ->
          Optional.of(OpenLineageExport.toFile(config.file(), told, places, counted, clock));
      case HTTP ->
          Optional.of(
              OpenLineageExport.toEndpoint(
                  config.url(), config.apiKey().reveal(), told, places, counted, clock));
    };
  }

  /** Whom lineage asks what tables look like. */
  LineagePlaces places() {
    return places;
  }

  /** The meters of this process. */
  Meters meters() {
    return meters;
  }

  RunMeters runs() {
    return runs;
  }

  /** Hears of runs, and passes it on to all that watch. */
  RunListener listener(RunListener log) {
    List<RunListener> all = new ArrayList<>(List.of(log, runs, alerts));
    all.addAll(traces);
    lineage.ifPresent(events -> all.add(events.runs()));
    return new LogMarks(new RunListeners(all));
  }

  /** Sees attempts to insert. */
  InsertWatch watch() {
    List<InsertWatch> all = new ArrayList<>(List.of(runs));
    all.addAll(traces);
    return InsertWatch.all(all);
  }

  void ledger(JdbcLedger ledger) {
    ledger.timed(time -> meters.took(Meter.LEDGER_TRANSACTION, time));
  }

  /** Alerts go through this context from now on. What is returned ends that. */
  AutoCloseable alert(CamelContext context, FlowHolds holds) throws Exception {
    route.complete(new AlertRoute(context));
    holds.listen(alerts);
    return alerts;
  }

  /** Of flows that are late. */
  Alerts alerts() {
    return alerts;
  }

  /** What comes before there is a way waits for it. */
  private void tell(Alert alert) {
    boolean sent;
    try {
      sent = route.get().tell(alert);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    meters.count(Meter.ALERTS, alert.kind(), sent ? "sent" : "failed");
  }

  @Override
  public void close() {
    lineage.ifPresent(OpenLineageExport::close);
    meters.close();
    tracing.ifPresent(Tracing::close);
  }
}
