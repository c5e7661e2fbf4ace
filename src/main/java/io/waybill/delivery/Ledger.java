package io.waybill.delivery;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.batch.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Port: the durable book of flows, units, runs and batches. Every method that changes something
 * returns only when the change is on disk. Thread-safe. All methods throw {@link LedgerException}.
 */
public interface Ledger {

  /** The id of this ledger, made when it was made; part of what identifies audit events. */
  String id();

  /**
   * When somebody decided that this ledger goes on although it was restored or copied: sources that
   * are older may have been delivered without its knowing.
   */
  Optional<Instant> adoptedAt();

  /** The newest generation of a source for a target. */
  Optional<Unit> latestUnit(String flow, String sourceId, TableName target);

  /** Units of this source that go to another target and have planned batches. */
  List<Unit> unitsInDoubt(String flow, String sourceId);

  /** The newest units of a flow and target, of other sources, that look this large; a few. */
  List<Unit> unitsOfSize(String flow, TableName target, String sourceId, long size);

  /** Names of other flows that a source was delivered by to this target. */
  List<String> otherFlowsOf(String flow, String sourceId, TableName target);

  /** Gives the history of a flow to its new name; tokens and batch ids stay as they are. */
  void renameFlow(String formerly, String flow);

  /** A new unit; its generation is one more than that of the latest, or 0. */
  Unit newUnit(String flow, String sourceId, TableName target, Format format, Stamp stamp);

  /** The newest run over a unit. */
  Optional<Run> lastRun(long unit);

  /** All batches of a unit in the order of their positions (from, then sequence). */
  List<LedgerBatch> batches(long unit);

  /** The planned batches of a unit in the order of their positions. */
  List<LedgerBatch> planned(long unit);

  /** The position of the last batch of a unit, whatever became of it. */
  Optional<Position> lastPosition(long unit);

  /** All batches of a run that are not pruned, in the order of their positions. */
  List<LedgerBatch> batchesOf(String runId);

  /** Begins a run that no trigger is behind. */
  default Run beginRun(String runId, Unit unit, String location, Stamp stamp, Instant at) {
    return beginRun(runId, unit, location, stamp, at, "");
  }

  /**
   * Begins a run in state running and notes how the unit looks.
   *
   * @param trigger id of the occasion that its flow was started on; empty if its source simply
   *     brought something
   */
  Run beginRun(String runId, Unit unit, String location, Stamp stamp, Instant at, String trigger);

  /** Puts an ended, unfinished run back to running and notes how the unit looks. */
  void resumeRun(String runId, Stamp stamp, Instant at);

  /**
   * Ends a run and notes how the unit looked; with a complete state all its batches are settled,
   * and if its source is a {@link KeyRange} that begins at the checkpoint, the checkpoint moves to
   * its end, in the same transaction.
   */
  void endRun(String runId, RunState state, String reason, String remedy, Stamp stamp, Instant at);

  /** Up to where a flow has extracted its table into a target; empty before its first extract. */
  Optional<Checkpoint> checkpoint(String flow, TableName target);

  /** How a run stands; empty if this ledger does not know it. */
  Optional<RunState> runState(String runId);

  /** Notes that a unit was found unchanged although it looks otherwise. */
  void restamp(long unit, Stamp stamp);

  /** Writes a plan down; the batch is then planned, with attempt 1. */
  void plan(BatchPlan plan);

  /**
   * Counts one more attempt and returns its number.
   *
   * @throws LedgerException if the batch is not planned any more, or has another token: another
   *     process that shares the ledger took it over
   */
  int nextAttempt(BatchPlan plan);

  /** Notes that one attempt of a planned batch certainly applied nothing. */
  void refused(String batch);

  /**
   * Plans a batch anew of which no attempt applied anything, with the shape of this plan.
   *
   * @throws LedgerException if an attempt may have
   */
  void reshape(BatchPlan plan);

  /** Settles a planned batch as committed, with its audit event, in one transaction. */
  void commit(Waybill waybill);

  /**
   * Settles a planned batch of which every record was refused as dead, with its dead letters and
   * audit event, in one transaction.
   */
  void bury(Waybill waybill, List<DeadLetter> letters);

  /**
   * Replaces a planned batch by another one without the records that were refused: the batch is
   * split, the other planned, the dead letters and the audit event written, in one transaction.
   */
  void split(Waybill waybill, BatchPlan rest, List<DeadLetter> letters);

  /** Gives a planned batch the token of this plan; the one before is kept as a former one. */
  void renew(BatchPlan plan);

  /** Runs that say running although nobody can be running them: those that a crash left behind. */
  List<Run> interruptedRuns();

  /** Holds a run that nobody runs any more; how its unit looked stays noted. */
  void interrupt(String runId, String reason, String remedy, Instant at);

  /** Notes a flow, its target and where it is declared; keeps a hold that is there. */
  void registerFlow(String flow, TableName target, String declaredIn);

  /** Notes that a flow is held. */
  void holdFlow(String flow, String reason, String remedy, Instant at);

  /** Notes that a flow is not held any more. */
  void releaseFlow(String flow);
}
