/**
 * Partitions of topics as streams: ranges of offsets whose position is in the ledger, without a
 * copy of the data.
 */
package io.waybill.camel.kafka;
