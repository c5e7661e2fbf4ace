package io.waybill.ledger;

import io.waybill.batch.Format;
import io.waybill.delivery.RunState;
import io.waybill.delivery.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as people see it.
 *
 * @param id run id
 * @param flow route id
 * @param source what identifies the source within the flow
 * @param generation 0 for the first content under this source, one more for each replacement
 * @param location where a person finds the source
 * @param target table that it goes to
 * @param format format that its source is cut by
 * @param state state
 * @param reason why it is held, failed or cancelled; else empty
 * @param remedy what a person can do; may be empty
 * @param started when it began
 * @param ended when it ended, if it has
 * @param rows committed rows
 * @param bytes committed bytes, as they were sent
 * @param batches committed batches
 * @param inDoubtBatches planned batches, of which nobody knows yet
 * @param deadRows rows that became dead letters
 * @param deadBatches batches that became dead letters
 * @param attempts how often its batches were sent, together
 * @param firstPlanned when its first batch was planned, if one was
 * @param lastSettled when its last settled batch was settled, if one was
 * @param trigger id of the occasion that its flow was started on; empty if its source simply
 *     brought something
 */
public record RunRow(
    String id,
    String flow,
    String source,
    int generation,
    String location,
    TableName target,
    Format format,
    RunState state,
    String reason,
    String remedy,
    Instant started,
    Optional<Instant> ended,
    long rows,
    long bytes,
    long batches,
    long inDoubtBatches,
    long deadRows,
    long deadBatches,
    long attempts,
    Optional<Instant> firstPlanned,
    Optional<Instant> lastSettled,
    String trigger) {

  /** From the first plan to the last settlement; zero before there are both. */
  public Duration movedFor() {
    return firstPlanned
        .flatMap(first -> lastSettled.map(last -> Duration.between(first, last)))
        .orElse(Duration.ZERO);
  }
}
