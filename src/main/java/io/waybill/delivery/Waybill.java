package io.waybill.delivery;

import java.time.Duration;
import java.time.Instant;

/**
 * The papers of a batch: who moved what, when, how long it took and under which query id. Becomes
 * one audit event, written in the transaction that settles the batch. Never holds row values.
 *
 * @param plan the batch
 * @param location where a person finds the source
 * @param state {@code COMMITTED}, {@code SPLIT} or {@code DEAD}
 * @param deadRows how many of its records became dead letters
 * @param attempts how often it was sent
 * @param errorCode ClickHouse's code of the refusal, 0 when committed
 * @param errorName its name, empty when committed
 * @param reason words of the refusal without row values, empty when committed
 * @param server host that answered, may be empty
 * @param user ClickHouse user that wrote, may be empty
 * @param settledAt when the answer was known
 * @param elapsed of the attempt that settled it, from first byte to answer
 */
public record Waybill(
    BatchPlan plan,
    String location,
    BatchState state,
    long deadRows,
    int attempts,
    int errorCode,
    String errorName,
    String reason,
    String server,
    String user,
    Instant settledAt,
    Duration elapsed) {}
