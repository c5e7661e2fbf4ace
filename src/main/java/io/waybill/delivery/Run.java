package io.waybill.delivery;

import java.time.Instant;

/**
 * One execution of a flow over one unit of its source.
 *
 * @param id run id, sortable by time
 * @param flow route id
 * @param unit the ledger's number of the unit
 * @param state state
 * @param reason why it is held, failed or cancelled; else empty
 * @param remedy what a person can do about it; may be empty
 * @param startedAt when it began
 */
public record Run(
    String id,
    String flow,
    long unit,
    RunState state,
    String reason,
    String remedy,
    Instant startedAt) {}
