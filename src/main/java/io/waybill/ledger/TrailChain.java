package io.waybill.ledger;

import io.waybill.audit.ChainPoint;

/**
 * How far the chain of an epoch is, as the ledger counts.
 *
 * @param last its last event
 * @param from number of the first one that has a hash
 * @param sent number of the last one that arrived in ClickHouse
 */
public record TrailChain(ChainPoint last, long from, long sent) {}
