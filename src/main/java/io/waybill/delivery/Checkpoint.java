package io.waybill.delivery;

/**
 * Up to where a table was extracted: every row with a key up to it is settled.
 *
 * @param column name of the key's column
 * @param key the last settled key
 */
public record Checkpoint(String column, Key key) {}
