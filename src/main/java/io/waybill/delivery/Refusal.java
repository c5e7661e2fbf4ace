package io.waybill.delivery;

/**
 * What ClickHouse said of content that it cannot take. Holds no values.
 *
 * @param failure why
 * @param row number of the first bad record in what was sent, from 1; 0 when it was not named
 * @param column column, when it was named; else empty
 */
public record Refusal(Failure failure, long row, String column) {}
