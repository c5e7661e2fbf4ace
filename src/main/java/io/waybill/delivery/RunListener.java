package io.waybill.delivery;

import java.time.Instant;

/** Port: hears what happens to runs. Called by several threads; must not block or throw. */
public interface RunListener {

  /** A run begins, or goes on where it was left. */
  void begun(Run run, Unit unit, String location, boolean resumed);

  /** A source was offered whose content has been delivered already by this run. */
  void unchanged(Run run, Unit unit, String location);

  /** A source was offered whose run failed before, and nothing about it has changed. */
  default void stillFailed(Run run, Unit unit, String location) {}

  /** The share of the source that was read, 0 to 1. */
  void read(Run run, double fraction);

  /**
   * Records of a source were read: they are planned now, or an earlier pass had planned them and
   * they are taken up again.
   *
   * @param changed when the source changed last, or its oldest record of these was made
   */
  default void fetched(BatchPlan plan, Instant changed) {}

  /** A batch, or what refused records left of one, is about to be sent by this thread. */
  default void sending(BatchPlan plan) {}

  /** What {@link #sending} began is over, whatever came of it; in the same thread. */
  default void sent(BatchPlan plan) {}

  /** A batch is settled. */
  void settled(Waybill waybill);

  /** A run ended. */
  void ended(Run run, RunState state, String reason, String remedy);
}
