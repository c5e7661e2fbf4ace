/**
 * All that Waybill asks of ClickHouse: inserts with papers, queries, error codes and what they
 * mean, the tables and whether they keep the guarantee. Nothing outside this package sees {@code
 * com.clickhouse}; this package sees no Camel.
 */
package io.waybill.clickhouse;
