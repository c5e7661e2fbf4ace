package io.waybill.ledger;

import java.time.Instant;

/**
 * A dead letter as people see it.
 *
 * @param id dead-letter id
 * @param batch batch id
 * @param run run id
 * @param flow route id
 * @param file where the raw bytes are, relative to the folder of dead letters
 * @param records how many
 * @param bytes raw bytes
 * @param errorCode ClickHouse's code, or 0
 * @param errorName its name
 * @param reason why ClickHouse refused them
 * @param remedy what a person can do; may be empty
 * @param stored when
 */
public record DeadLetterRow(
    String id,
    String batch,
    String run,
    String flow,
    String file,
    long records,
    long bytes,
    int errorCode,
    String errorName,
    String reason,
    String remedy,
    Instant stored) {}
