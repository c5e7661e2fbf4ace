package io.waybill.batch.row;

/**
 * A column that rows are written for.
 *
 * @param name name
 * @param type type as ClickHouse writes it
 */
public record RowColumn(String name, String type) {}
