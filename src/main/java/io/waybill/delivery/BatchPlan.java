package io.waybill.delivery;

import io.waybill.batch.Position;
import java.time.Instant;

/**
 * What is written down before a batch is sent, and the only truth for every later attempt.
 *
 * @param id batch id, also the query id of all attempts
 * @param flow route id
 * @param run run id
 * @param unit ledger's number of the source unit
 * @param sourceId what identifies the unit within its flow
 * @param sequence number within the run, from 1
 * @param position where it lies in the source
 * @param bytes payload size, header line included
 * @param digest hex SHA-256 of the payload
 * @param token value of insert_deduplication_token
 * @param shape all that shapes the block
 * @param plannedAt when
 */
public record BatchPlan(
    String id,
    String flow,
    String run,
    long unit,
    String sourceId,
    long sequence,
    Position position,
    long bytes,
    String digest,
    String token,
    InsertShape shape,
    Instant plannedAt) {}
