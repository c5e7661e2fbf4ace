package io.waybill.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An occasion on which a flow was, or is to be, started.
 *
 * @param id id, sortable by time
 * @param flow route id
 * @param kind what started it
 * @param due the time that it is for
 * @param parameters what the flow is given, by name
 * @param by who ordered it; {@code schedule}, or the flows that were waited for
 * @param state how it stands
 * @param reason why it ended so; may be empty
 * @param created when it was written down
 * @param started when its flow was started last, if it was
 * @param ended when it ended, if it has
 * @param parent id of the backfill that it is a part of; else empty
 * @param attempts how often its flow was started for it
 */
public record TriggerRow(
    String id,
    String flow,
    TriggerKind kind,
    Instant due,
    SortedMap<String, String> parameters,
    String by,
    TriggerState state,
    String reason,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> ended,
    String parent,
    int attempts) {

  /** One that was just made, and waits. */
  public static TriggerRow queued(
      String id,
      String flow,
      TriggerKind kind,
      Instant due,
      SortedMap<String, String> parameters,
      String by,
      Instant created,
      String parent) {
    return new TriggerRow(
        id,
        flow,
        kind,
        due,
        parameters,
        by,
        TriggerState.QUEUED,
        "",
        created,
        Optional.empty(),
        Optional.empty(),
        parent,
        0);
  }
}
