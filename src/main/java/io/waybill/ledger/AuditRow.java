package io.waybill.ledger;

import java.time.Instant;

/**
 * An event of the trail as the ledger keeps it.
 *
 * @param epoch epoch that it is kept under
 * @param seq number that it is kept under
 * @param kind label of its kind
 * @param at when it happened
 * @param line the event as one line of JSON; its head if its content was pruned
 */
public record AuditRow(int epoch, long seq, String kind, Instant at, String line) {}
