/**
 * The durable book: flows, units, runs, batches, dead letters and the audit outbox, over JDBC.
 * Implements ports of {@code io.waybill.delivery}; sees no Camel and no ClickHouse client.
 */
package io.waybill.ledger;
