package io.waybill.delivery;

/**
 * What became of a source that was offered.
 *
 * @param run run that delivered it, now or earlier
 * @param unchanged whether it had been delivered already and nothing was sent
 * @param state how the run ended
 * @param rows rows that this offer brought into ClickHouse
 * @param deadRows rows that this offer made dead letters
 */
public record RunResult(String run, boolean unchanged, RunState state, long rows, long deadRows) {}
