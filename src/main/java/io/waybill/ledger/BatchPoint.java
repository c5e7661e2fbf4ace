package io.waybill.ledger;

import io.waybill.delivery.BatchState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a chart shows of a settled batch.
 *
 * @param id batch id
 * @param run run id
 * @param flow route id
 * @param state how it was settled
 * @param rows its records
 * @param deadRows those that were refused
 * @param bytes payload size
 * @param attempts how often it was sent
 * @param planned when it was planned
 * @param settled when it was settled
 * @param elapsed from the first byte sent to the answer
 * @param sourceModified when its source was changed last, if it says so
 */
public record BatchPoint(
    String id,
    String run,
    String flow,
    BatchState state,
    long rows,
    long deadRows,
    long bytes,
    int attempts,
    Instant planned,
    Instant settled,
    Duration elapsed,
    Optional<Instant> sourceModified) {}
