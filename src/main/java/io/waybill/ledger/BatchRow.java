package io.waybill.ledger;

import io.waybill.batch.Position;
import io.waybill.delivery.BatchState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A batch as people see it.
 *
 * @param id batch id, also its query id
 * @param run run id
 * @param sequence number within the run, from 1
 * @param state state
 * @param position where it lies in the source
 * @param rows records of it: those of its range without the ones that were left out
 * @param deadRows records of it that were refused and kept as dead letters
 * @param parent batch in whose place it came; empty for most
 * @param bytes payload size
 * @param digest hex SHA-256 of the payload
 * @param token deduplication token
 * @param attempts how often it was or is about to be sent
 * @param planned when it was planned
 * @param settled when it was settled, if it is
 * @param elapsed from the first byte sent to the answer, if it is settled
 * @param errorCode ClickHouse's code of the refusal, or 0
 * @param errorName its name, or empty
 * @param reason why it was refused, or empty
 * @param server host that answered, or empty
 * @param user ClickHouse user that wrote, or empty
 */
public record BatchRow(
    String id,
    String run,
    long sequence,
    BatchState state,
    Position position,
    long rows,
    long deadRows,
    String parent,
    long bytes,
    String digest,
    String token,
    int attempts,
    Instant planned,
    Optional<Instant> settled,
    Optional<Duration> elapsed,
    int errorCode,
    String errorName,
    String reason,
    String server,
    String user) {}
