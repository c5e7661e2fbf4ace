package io.waybill.app;

import io.waybill.control.Listings;
import io.waybill.ledger.ApprovalRow;
import io.waybill.ledger.AuditRow;
import io.waybill.ledger.AuditSelection;
import io.waybill.ledger.BatchPoint;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.DeadLetterGroup;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.KillSwitchRow;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.Lineage;
import io.waybill.ledger.PolicyFileRow;
import io.waybill.ledger.RouteFileRow;
import io.waybill.ledger.RunRow;
import io.waybill.ledger.RunSelection;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.UpstreamRow;
import java.util.List;
import java.util.Optional;

/** Listings from the ledger. */
public final class LedgerListings implements Listings {
  private final Home home;
  private final LedgerSite site;
  private final LedgerReader reader;
  private final boolean ownSite;

  /** Of this home; empty ones if it has no ledger yet. */
  public LedgerListings(Home home, WaybillConfig config) {
    this(home, LedgerSite.of(home, config), true);
  }

  /** Within a process that has the ledger open by this site. */
  static LedgerListings within(Home home, LedgerSite site) {
    return new LedgerListings(home, site, false);
  }

  private LedgerListings(Home home, LedgerSite site, boolean ownSite) {
    this.home = home;
    this.site = site;
    this.ownSite = ownSite;
    try {
      this.reader = site.read();
    } catch (RuntimeException e) {
      closeSite();
      throw e;
    }
  }

  /** The bytes of dead letters. */
  public DeadLetterFiles deadLetterFiles() {
    return new DeadLetterFiles(home.deadLetters(), reader.archive());
  }

  @Override
  public boolean isServing() {
    return HomeLock.holder(home).isPresent();
  }

  @Override
  public List<FlowRow> flows() {
    return reader.flows();
  }

  @Override
  public List<RouteFileRow> routeFiles() {
    return reader.routeFiles();
  }

  @Override
  public List<RunRow> runs(Optional<String> flow, int limit) {
    return reader.runs(flow, limit);
  }

  @Override
  public List<RunRow> runs(RunSelection selection, int limit) {
    return reader.runs(selection, limit);
  }

  @Override
  public List<BatchPoint> latestBatches(Optional<String> flow, int limit) {
    return reader.latestBatches(flow, limit);
  }

  @Override
  public Optional<Lineage> lineage(String batchOrToken) {
    return reader.lineage(batchOrToken);
  }

  @Override
  public RunRow run(String idPrefix) {
    return reader.run(idPrefix);
  }

  @Override
  public List<TriggerRow> triggers(Optional<String> flow, int limit) {
    return reader.triggers(flow, limit);
  }

  @Override
  public Optional<TriggerRow> trigger(String idPrefix) {
    List<TriggerRow> found = reader.triggersLike(idPrefix);
    return found.size() == 1 || found.stream().anyMatch(each -> each.id().equals(idPrefix))
        ? found.stream().findFirst()
        : Optional.empty();
  }

  @Override
  public List<TriggerRow> childrenOf(String trigger) {
    return reader.childrenOf(trigger);
  }

  @Override
  public List<RunRow> runsOf(String trigger) {
    return reader.runsOf(trigger);
  }

  @Override
  public List<UpstreamRow> upstreams() {
    return reader.upstreams();
  }

  @Override
  public List<BatchRow> batches(String run) {
    return reader.batches(run);
  }

  @Override
  public List<DeadLetterRow> deadLetters(String run) {
    return reader.deadLetters(run);
  }

  @Override
  public List<DeadLetterRow> deadLetters(DeadLetterSelection selection, int limit) {
    return reader.deadLetters(selection, limit);
  }

  @Override
  public List<DeadLetterGroup> deadLetterGroups(DeadLetterSelection selection) {
    return reader.deadLetterGroups(selection);
  }

  @Override
  public List<PolicyFileRow> policies() {
    return reader.policies();
  }

  @Override
  public List<KillSwitchRow> killSwitches() {
    return reader.killSwitches();
  }

  @Override
  public List<ApprovalRow> approvals(int limit) {
    return reader.approvals(limit);
  }

  @Override
  public List<AuditRow> audit(AuditSelection selection, int limit) {
    return reader.audit(selection, limit);
  }

  @Override
  public long auditPending() {
    return reader.outboxPending();
  }

  @Override
  public void close() {
    reader.close();
    closeSite();
  }

  private void closeSite() {
    if (ownSite) {
      site.close();
    }
  }
}
