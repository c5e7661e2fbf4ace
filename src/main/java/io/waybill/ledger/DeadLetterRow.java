package io.waybill.ledger;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A dead letter as people see it.
 *
 * @param id dead-letter id
 * @param batch batch that it was in
 * @param run run id
 * @param flow route id
 * @param source what identifies the source within the flow
 * @param location where a person finds the source
 * @param table target
 * @param format format of its bytes, as ClickHouse names it
 * @param file where the raw bytes are, relative to the folder of dead letters
 * @param fileOffset where they begin in it
 * @param bytes how many they are
 * @param records how many records; 1
 * @param record number of the record in the source, from 1 without the header line
 * @param sourceOffset first byte of it in the uncompressed source
 * @param line line of the source that it begins in; 0 when nobody knows
 * @param column column that ClickHouse named; else empty
 * @param errorCode ClickHouse's code, or 0
 * @param errorName its name
 * @param reason why ClickHouse refused it
 * @param remedy what a person can do; may be empty
 * @param firstSeen when it was refused first
 * @param stored when it was refused last
 * @param state what became of it
 * @param replay replay that it belongs to
 * @param settled when it was replayed or discarded
 * @param settledBy who did that; empty when nobody did
 * @param note why it was discarded, or what became of it; may be empty
 */
public record DeadLetterRow(
    String id,
    String batch,
    String run,
    String flow,
    String source,
    String location,
    String table,
    String format,
    String file,
    long fileOffset,
    long bytes,
    long records,
    long record,
    long sourceOffset,
    long line,
    String column,
    int errorCode,
    String errorName,
    String reason,
    String remedy,
    Instant firstSeen,
    Instant stored,
    State state,
    Optional<Long> replay,
    Optional<Instant> settled,
    String settledBy,
    String note) {

  /** What became of a dead letter. */
  public enum State {
    /** It waits for somebody. */
    STORED,
    /** It is being sent again. */
    REPLAYING,
    /** It was sent again, as it was or mended, and settled by that. */
    REPLAYED,
    /** Somebody decided that it is not needed, and said why. */
    DISCARDED;

    /** The name as it is stored and shown, in lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The state of this label. */
    public static State of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }
}
