package io.waybill.batch;

/**
 * The records that one insert request carries.
 *
 * @param position where they lie in the source
 * @param payload the bytes as they are sent, header line included
 * @param digest hex SHA-256 of the payload
 * @param tail how the last record ends
 */
public record Batch(Position position, Payload payload, String digest, Tail tail) {

  /** How the last record of a batch ends. */
  public enum Tail {
    /** With a line end. */
    COMPLETE,
    /** With the end of the source: whole as far as one can see, but a growing file may go on. */
    UNTERMINATED,
    /**
     * Inside an open quote at the end of the source: the source was cut off. Alone in its batch.
     */
    TRUNCATED
  }

  /** The same batch, with this number for its first record. */
  public Batch from(long firstRecord) {
    Position counted =
        new Position(position.from(), position.to(), firstRecord, position.records());
    return new Batch(counted, payload, digest, tail);
  }
}
