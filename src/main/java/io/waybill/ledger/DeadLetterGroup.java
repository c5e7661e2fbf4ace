package io.waybill.ledger;

import java.time.Instant;

/**
 * Dead letters that were refused for the same reason.
 *
 * @param flow route id
 * @param table target
 * @param errorCode ClickHouse's code, or 0
 * @param errorName its name
 * @param column column that ClickHouse named; else empty
 * @param count how many
 * @param runs of how many runs
 * @param firstSeen when the first of them was refused first
 * @param lastStored when the last of them was refused last
 */
public record DeadLetterGroup(
    String flow,
    String table,
    int errorCode,
    String errorName,
    String column,
    long count,
    long runs,
    Instant firstSeen,
    Instant lastStored) {}
