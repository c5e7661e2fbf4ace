package io.waybill.delivery;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;

/**
 * One source of a flow as the ledger knows it: a file under its name, with what was delivered of
 * it.
 *
 * @param id number in the ledger
 * @param flow route id
 * @param sourceId path relative to the source's root
 * @param generation 0 for the first content under this id, one more for each replacement
 * @param target table that it goes to
 * @param format format that it is cut by
 * @param stamp how the source looked when its last run ended or began
 */
public record Unit(
    long id,
    String flow,
    String sourceId,
    int generation,
    TableName target,
    Format format,
    Stamp stamp) {
  private static final String REPLAY = "dead-letters:";

  /** The id of a source that holds dead letters to be sent again. */
  public static String replayId(String name) {
    return REPLAY + name;
  }

  /** Whether it holds dead letters that are sent again. */
  public boolean isReplay() {
    return sourceId.startsWith(REPLAY);
  }
}
