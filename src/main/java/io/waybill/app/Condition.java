package io.waybill.app;

import io.waybill.camel.AuditCarrier;
import io.waybill.camel.FlowHolds;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.Spool;
import io.waybill.camel.StreamConsumer;
import io.waybill.camel.WaybillComponent;
import io.waybill.control.Health;
import io.waybill.control.Health.Check;
import io.waybill.delivery.LedgerException;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RouteFileRow;
import io.waybill.metrics.StateMeters;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;

/** How a process that serves is, looked at whenever somebody asks. Thread-safe. */
final class Condition {
  private final Parts parts;
  private final Clock clock;
  private volatile boolean started;

  /**
   * What it is made of.
   *
   * @param chosen flows that are to run; empty for all
   */
  record Parts(
      CamelContext context,
      RouteFiles routes,
      FlowHolds holds,
      WaybillComponent waybill,
      Spool spool,
      LedgerSite ledger,
      AuditCarrier audit,
      AuditSigner signer,
      ClickHousePulse pulse,
      ConnectionCredentials credentials,
      Policing policing,
      List<String> chosen) {}

  /** What the ledger says. */
  private record Book(String trouble, long pending, List<RouteFileRow> refused) {}

  Condition(Parts parts, Clock clock) {
    this.parts = parts;
    this.clock = clock;
  }

  /** The flows were started, or are held. */
  void started() {
    started = true;
  }

  private Book book() {
    try (LedgerReader reader = parts.ledger().read()) {
      return new Book(
          "",
          reader.outboxPending(),
          reader.routeFiles().stream().filter(file -> file.refusal().isPresent()).toList());
    } catch (LedgerException e) {
      return new Book(e.getMessage(), 0, List.of());
    }
  }

  private List<String> flows() {
    List<LoadedFlow> waiting =
        parts.routes().waiting().stream().flatMap(file -> file.flows().stream()).toList();
    return Stream.concat(
            FlowSelection.among(parts.routes().flows(), parts.chosen()).stream(),
            FlowSelection.among(waiting, parts.chosen()).stream())
        .map(LoadedFlow::name)
        .distinct()
        .sorted()
        .toList();
  }

  /** How it is. */
  Health health() {
    Book book = book();
    List<Check> checks =
        List.of(
            check(Health.LEDGER, book.trouble(), "see docs/operations.md#ledger"),
            check(
                "clickhouse",
                parts.pulse().trouble(),
                "batches wait, planned, until it answers; ./waybill check"),
            check(
                "audit",
                auditTrouble(book.pending()),
                "see why waybill.audit cannot be written: ./waybill check; or what is the matter with"
                    + " the trail: ./waybill audit verify"),
            check("routes", refused(book.refused()), "mend the file; its version before goes on"),
            check(
                "policy",
                parts.policing().trouble(),
                "mend policy.yaml; the one before holds; ./waybill policy check"));
    boolean ready = started && book.trouble().isEmpty() && parts.pulse().everAnswered();
    return new Health(ready, checks, flows().stream().map(this::flow).toList());
  }

  private static Check check(String name, String trouble, String remedy) {
    return trouble.isEmpty() ? Check.well(name) : new Check(name, false, trouble, remedy);
  }

  private String auditTrouble(long pending) {
    String trouble = parts.audit().trouble();
    if (!trouble.isEmpty()) {
      return "%d audit events wait: %s".formatted(pending, trouble);
    }
    String unsigned = parts.signer().trouble();
    return unsigned.isEmpty() ? "" : "the audit trail is not signed: " + unsigned;
  }

  private static String refused(List<RouteFileRow> files) {
    return String.join(
        "; ",
        files.stream()
            .map(file -> "%s: %s".formatted(file.name(), file.refusal().orElseThrow().reason()))
            .toList());
  }

  private Health.Flow flow(String name) {
    return parts
        .holds()
        .of(name)
        .map(
            hold ->
                new Health.Flow(
                    name, false, hold.reason(), hold.remedy(), Optional.of(hold.since())))
        .orElseGet(() -> unheld(name));
  }

  private Health.Flow unheld(String name) {
    ServiceStatus status = parts.context().getRouteController().getRouteStatus(name);
    return status != null && status.isStarted()
        ? new Health.Flow(name, true, "", "", Optional.empty())
        : new Health.Flow(name, false, "its route does not run", "", Optional.empty());
  }

  /** How it is, for the meters. */
  StateMeters.State state() {
    Book book = book();
    return new StateMeters.State(
        flows().stream().map(this::measured).toList(),
        book.trouble().isEmpty() ? OptionalLong.of(book.pending()) : OptionalLong.empty(),
        !parts.audit().trouble().isEmpty() || !parts.signer().trouble().isEmpty(),
        parts.pulse().trouble().isEmpty(),
        book.refused().size(),
        parts.credentials().expiries());
  }

  private StateMeters.Flow measured(String name) {
    Route route = parts.context().getRoute(name);
    Map<String, Long> lags =
        route != null && route.getConsumer() instanceof StreamConsumer stream
            ? stream.lags()
            : Map.of();
    return new StateMeters.Flow(
        name, parts.holds().of(name).isPresent(), spool(name), parts.waybill().waiting(name), lags);
  }

  private StateMeters.Spool spool(String flow) {
    try {
      Spool.Depth depth = parts.spool().depth(flow);
      Duration age =
          depth
              .oldest()
              .map(oldest -> Duration.between(oldest, clock.instant()))
              .filter(each -> !each.isNegative())
              .orElse(Duration.ZERO);
      return new StateMeters.Spool(depth.files(), depth.bytes(), age);
    } catch (IOException e) {
      return StateMeters.Spool.EMPTY; // the flow itself says what is the matter with its spool
    }
  }
}
