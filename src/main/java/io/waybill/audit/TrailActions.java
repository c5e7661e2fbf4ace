package io.waybill.audit;

/** Words in the field {@code action} by which events say what they mean for the trail itself. */
public final class TrailActions {
  /**
   * Kind ledger: a new epoch goes on from an event of another one; position_from is that epoch,
   * position_to that event.
   */
  public static final String ADOPT = "adopt";

  /** Kind ledger: a copy of it was written. */
  public static final String BACKUP = "backup";

  /** Kind retention: the content of events of a kind that are older than until. */
  public static final String PRUNE_EVENTS = "prune-events";

  /**
   * Kind retention: all events of an epoch, position_from, up to one, position_to, whose hash is
   * digest.
   */
  public static final String CUT = "cut";

  /** Kind retention: the detail of runs. */
  public static final String PRUNE_BATCHES = "prune-batches";

  private TrailActions() {}
}
