package io.waybill.ledger;

/** Events of an epoch, their numbers from one to another, both inclusive. */
public record TrailRange(int epoch, long from, long to) {}
