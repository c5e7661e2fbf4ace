package io.waybill.control;

import io.waybill.ledger.ApprovalRow;
import io.waybill.ledger.AuditRow;
import io.waybill.ledger.AuditSelection;
import io.waybill.ledger.BatchPoint;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.DeadLetterGroup;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.KillSwitchRow;
import io.waybill.ledger.Lineage;
import io.waybill.ledger.PolicyFileRow;
import io.waybill.ledger.RouteFileRow;
import io.waybill.ledger.RunRow;
import io.waybill.ledger.RunSelection;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.UpstreamRow;
import java.util.List;
import java.util.Optional;

/** What can be asked about flows and runs, also while a process is serving. */
public interface Listings extends AutoCloseable {

  /** Whether a process is running flows now. */
  boolean isServing();

  /** All flows that were ever registered, by name. */
  List<FlowRow> flows();

  /** Route files by name, as the process that serves, or served last, has them. */
  List<RouteFileRow> routeFiles();

  /** The newest runs first, of one flow or of all. */
  List<RunRow> runs(Optional<String> flow, int limit);

  /** The newest first of the runs that are meant. */
  List<RunRow> runs(RunSelection selection, int limit);

  /** The batches that were settled last, of one flow or of all, the newest first. */
  List<BatchPoint> latestBatches(Optional<String> flow, int limit);

  /** Where the rows of this batch, or of this token, came from; empty if nobody knows. */
  Optional<Lineage> lineage(String batchOrToken);

  /**
   * The run whose id begins so.
   *
   * @throws io.waybill.ledger.RunNotFoundException if there is none, or more than one
   */
  RunRow run(String idPrefix);

  /** The newest triggers first, of one flow or of all. */
  List<TriggerRow> triggers(Optional<String> flow, int limit);

  /** The trigger whose id begins so; empty if there is none, or more than one. */
  Optional<TriggerRow> trigger(String idPrefix);

  /** The parts of a backfill, in their order. */
  List<TriggerRow> childrenOf(String trigger);

  /** The runs of a trigger, the oldest first. */
  List<RunRow> runsOf(String trigger);

  /** Which flows wait for which. */
  List<UpstreamRow> upstreams();

  /** The batches of a run in their order. */
  List<BatchRow> batches(String run);

  /** The dead letters of a run. */
  List<DeadLetterRow> deadLetters(String run);

  /** The dead letters that are meant, in the order in which they were stored. */
  List<DeadLetterRow> deadLetters(DeadLetterSelection selection, int limit);

  /** The dead letters that are meant, by reason, the largest groups first. */
  List<DeadLetterGroup> deadLetterGroups(DeadLetterSelection selection);

  /** The policies of homes, as the processes that serve, or served last, have them. */
  List<PolicyFileRow> policies();

  /** Kill switches that are on by order. */
  List<KillSwitchRow> killSwitches();

  /** What needed a second person, the newest first. */
  List<ApprovalRow> approvals(int limit);

  /** The newest first of the events of the trail that are meant. */
  List<AuditRow> audit(AuditSelection selection, int limit);

  /** How many audit events have not arrived in ClickHouse yet. */
  long auditPending();

  @Override
  void close();
}
