/**
 * A ClickHouse of Waybill's own, for users who name none: fetched once, run in a child process,
 * watched, asked over HTTP on the loopback. Starts at {@link
 * io.waybill.clickhouse.embedded.EmbeddedClickHouse}; a process beside the owner finds the same
 * server through {@link io.waybill.clickhouse.embedded.RunningServer}.
 */
package io.waybill.clickhouse.embedded;
