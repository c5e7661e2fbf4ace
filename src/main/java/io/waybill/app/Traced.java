package io.waybill.app;

import io.waybill.audit.ChainEntry;
import io.waybill.ledger.Lineage;
import java.util.Optional;

/**
 * Where some rows of a table came from.
 *
 * @param token value of their {@code _waybill_batch}; empty where the table has none
 * @param part part that they are in; empty where that was not needed
 * @param rows how many of the rows that were asked for
 * @param loadedFrom when the first of them came, if the table notes it
 * @param loadedTo when the last of them came
 * @param queryId query that wrote them; empty if nobody knows
 * @param sure whether it was this query, or one of several whose parts were merged
 * @param user ClickHouse user that wrote; empty if nobody knows
 * @param at when, as the server or the trail says; empty if nobody knows
 * @param by person on whose order the flow ran; empty if nobody ordered it
 * @param lineage batch and run; empty if it is none of this ledger
 * @param paper the event in {@code waybill.audit}, where the ledger has forgotten the batch
 */
public record Traced(
    String token,
    String part,
    long rows,
    String loadedFrom,
    String loadedTo,
    String queryId,
    boolean sure,
    String user,
    String at,
    String by,
    Optional<Lineage> lineage,
    Optional<ChainEntry> paper) {}
