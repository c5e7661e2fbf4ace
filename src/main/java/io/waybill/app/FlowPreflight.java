package io.waybill.app;

import io.waybill.camel.Account;
import io.waybill.camel.FlowRights;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.WaybillEndpoint;
import io.waybill.camel.changes.ChangesEndpoint;
import io.waybill.camel.kafka.FlowKafkaEndpoint;
import io.waybill.clickhouse.Finding;
import io.waybill.clickhouse.Preflight;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.component.file.FileEndpoint;

/** Looks whether a flow can run: its table, its rights, its source. Thread-safe. */
final class FlowPreflight {
  private final CamelContext context;
  private final Function<Account, Preflight> preflights;
  private final boolean provenance;
  private final Function<String, Optional<Failure>> ledger;

  /**
   * Looks by these.
   *
   * @param preflights by account
   * @param ledger what the ledger says against a flow
   */
  FlowPreflight(
      CamelContext context,
      Function<Account, Preflight> preflights,
      boolean provenance,
      Function<String, Optional<Failure>> ledger) {
    this.context = context;
    this.preflights = preflights;
    this.provenance = provenance;
    this.ledger = ledger;
  }

  WaybillEndpoint endpoint(LoadedFlow flow) {
    return endpoint(context, flow);
  }

  static WaybillEndpoint endpoint(CamelContext context, LoadedFlow flow) {
    return context.getEndpoint(
        context.resolvePropertyPlaceholders(flow.target()), WaybillEndpoint.class);
  }

  List<Finding> findings(LoadedFlow flow) {
    WaybillEndpoint endpoint = endpoint(flow);
    List<Finding> findings = new ArrayList<>();
    Optional<Finding> policy = endpoint.policyFinding(flow.name());
    policy.ifPresent(findings::add);
    if (policy.filter(finding -> finding.severity() == Finding.Severity.HOLD).isPresent()) {
      return findings; // ClickHouse is not even asked
    }
    FlowRights.Standing standing = endpoint.standing();
    findings.addAll(
        preflights
            .apply(standing.account())
            .look(
                endpoint.tableName(),
                new Preflight.Wish(
                    endpoint.rows().isCreateTable(),
                    provenance,
                    standing.requestRole(),
                    endpoint.batch().getBatchRows(),
                    endpoint.batch().most(),
                    endpoint.delivery().isExactlyOnce())));
    findings.addAll(endpoint.reloadFindings());
    if (endpoint.extract().isUnbounded()) {
      findings.add(keyUnbounded(endpoint.extract().getKey()));
    }
    source(flow.name(), endpoint).ifPresent(findings::add);
    return findings;
  }

  private static Finding keyUnbounded(String key) {
    return new Finding(
        Finding.Severity.WARN,
        0,
        "KEY_UNBOUNDED",
        "a transaction that commits a smaller %s after an extract went beyond it is left out for good"
            .formatted(key),
        "add keyBound=snapshot (PostgreSQL) or keyLag= (times) and AND %s <= :#CamelWaybillUntil"
            .formatted(key));
  }

  /** The first thing that keeps the flow from running. */
  Optional<Failure> look(LoadedFlow flow) {
    return ledger.apply(flow.name()).or(() -> found(flow));
  }

  private Optional<Failure> found(LoadedFlow flow) {
    return findings(flow).stream()
        .filter(finding -> finding.severity() == Finding.Severity.HOLD)
        .findFirst()
        .map(
            finding ->
                new Failure(
                    Verdict.HOLD,
                    finding.code(),
                    finding.name(),
                    finding.reason(),
                    finding.remedy()));
  }

  /** Camel takes a folder that it cannot list for an empty one. */
  private Optional<Finding> source(String flow, WaybillEndpoint to) {
    Route route = context.getRoute(flow);
    Endpoint from = route == null ? null : route.getEndpoint();
    if (from instanceof FlowKafkaEndpoint && (to.isKeyed() || to.isReloading())) {
      return Optional.of(
          new Finding(
              Finding.Severity.HOLD,
              0,
              "NOT_A_TABLE",
              "the records of a topic are known by their offsets, and never read whole",
              "take key and reload out of the waybill: URI; they are for rows of a query"));
    }
    if (from instanceof ChangesEndpoint && !to.isCollecting(true)) {
      return Optional.of(
          new Finding(
              Finding.Severity.HOLD,
              0,
              "NOT_COLLECTED",
              "changes of a database come one at a time",
              "take batchInterval=0 out of the waybill: URI; they are collected for one second then"));
    }
    if (!(from instanceof FileEndpoint files)) {
      return PushChecks.of(context, from);
    }
    File folder = files.getFile();
    if (folder.exists() && (!folder.isDirectory() || !folder.canRead() || folder.list() == null)) {
      return Optional.of(
          new Finding(
              Finding.Severity.HOLD,
              0,
              "SOURCE_UNREADABLE",
              "%s is no folder that can be read".formatted(folder),
              "make it a folder that this user may read and enter"));
    }
    return Optional.empty();
  }
}
