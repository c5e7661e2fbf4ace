package io.waybill.web.view;

import io.waybill.ledger.DeadLetterGroup;
import io.waybill.ledger.DeadLetterRow;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A dead letter. */
public record LetterView(
    @About("its id") String deadLetter,
    @About("stored, replaying, replayed or discarded") String state,
    @About("its flow") String flow,
    @About("its run") String run,
    @About("batch that it was in") String batch,
    @About("target") String table,
    @About("format of its bytes, as ClickHouse names it") String format,
    @About("where a person finds the source") String location,
    @About("number of the record in the source, from 1") long record,
    @About("line of the source that it begins in; 0 when nobody knows") long line,
    @About("first byte of it in the source") long sourceOffset,
    @About("column that ClickHouse named; else empty") String column,
    @About("ClickHouse's code, or 0") int errorCode,
    @About("its name") String errorName,
    @About("why ClickHouse refused it") String reason,
    @About("what a person can do; may be empty") String remedy,
    @About(value = "when it was refused first", time = true) String firstSeenAt,
    @About(value = "when it was refused last", time = true) String lastSeenAt,
    @About("how many bytes it has") long bytes,
    @About(value = "when it was replayed or discarded", maybe = true, time = true) String settledAt,
    @About("who did that; empty when nobody did") String settledBy,
    @About("why it was discarded, or what became of it; may be empty") String note) {

  public static LetterView of(DeadLetterRow letter) {
    return new LetterView(
        letter.id(),
        letter.state().label(),
        letter.flow(),
        letter.run(),
        letter.batch(),
        letter.table(),
        letter.format(),
        letter.location(),
        letter.record(),
        letter.line(),
        letter.sourceOffset(),
        letter.column(),
        letter.errorCode(),
        letter.errorName(),
        letter.reason(),
        letter.remedy(),
        Times.of(letter.firstSeen()),
        Times.of(letter.stored()),
        letter.bytes(),
        Times.of(letter.settled()),
        letter.settledBy(),
        letter.note());
  }

  /** Some dead letters. */
  public record Listing(
      @About("in the order in which they were stored") List<LetterView> deadLetters,
      @About("whether there are more") boolean more) {
    public Listing {
      deadLetters = List.copyOf(deadLetters);
    }
  }

  /** A dead letter and its record. */
  public record Content(
      @About("its papers") LetterView deadLetter,
      @About("header line of its source; empty for formats without") String header,
      @About(value = "the record as text; null if it is none, or deleted", maybe = true)
          String text,
      @About(value = "the record in Base64; null if it was settled and deleted", maybe = true)
          String base64) {

    public static Content of(DeadLetterRow letter, byte[] header, byte[] record) {
      return new Content(
          LetterView.of(letter),
          new String(header, StandardCharsets.UTF_8),
          record == null ? null : text(record),
          record == null ? null : Base64.getEncoder().encodeToString(record));
    }

    private static String text(byte[] record) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(record)).toString();
      } catch (CharacterCodingException e) {
        return null;
      }
    }
  }

  /** Dead letters that were refused for the same reason. */
  public record Group(
      @About("their flow") String flow,
      @About("target") String table,
      @About("ClickHouse's code, or 0") int errorCode,
      @About("its name") String errorName,
      @About("column that ClickHouse named; else empty") String column,
      @About("how many") long count,
      @About("of how many runs") long runs,
      @About(value = "when the first was refused first", time = true) String firstSeenAt,
      @About(value = "when the last was refused last", time = true) String lastSeenAt) {

    public static Group of(DeadLetterGroup group) {
      return new Group(
          group.flow(),
          group.table(),
          group.errorCode(),
          group.errorName(),
          group.column(),
          group.count(),
          group.runs(),
          Times.of(group.firstSeen()),
          Times.of(group.lastStored()));
    }
  }

  /** Dead letters by reason. */
  public record Groups(@About("the largest first") List<Group> groups) {
    public Groups {
      groups = List.copyOf(groups);
    }
  }
}
