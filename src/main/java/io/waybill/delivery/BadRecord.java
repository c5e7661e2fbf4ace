package io.waybill.delivery;

import io.waybill.batch.Places.Place;

/**
 * A record that ClickHouse refused.
 *
 * @param place where it lies in the source
 * @param bytes how long it is, its line end included
 * @param failure why it was refused
 * @param column column that ClickHouse named; else empty
 */
public record BadRecord(Place place, long bytes, Failure failure, String column) {}
