package io.waybill.camel;

import java.time.Instant;

/**
 * Why a flow waits.
 *
 * @param flow route id
 * @param reason what happened
 * @param remedy what a person can do
 * @param since when
 */
public record FlowHold(String flow, String reason, String remedy, Instant since) {}
