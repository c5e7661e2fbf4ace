/**
 * The trail: what an audit event is, how events are chained and signed, and how a copy of them is
 * verified. Pure: no Camel, no ClickHouse client, no JDBC.
 */
package io.waybill.audit;
