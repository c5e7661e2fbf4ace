package io.waybill.clickhouse;

/**
 * That ClickHouse took an insert.
 *
 * @param writtenRows what it counted; a dropped duplicate counts as well
 * @param queryId query id
 * @param server host that answered, as ClickHouse names itself
 * @param user who asked
 */
public record InsertAnswer(long writtenRows, String queryId, String server, String user) {}
