package io.waybill.ledger;

import io.waybill.audit.AuditField;
import io.waybill.audit.ChainEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which events of the trail are meant; what is empty does not matter.
 *
 * @param kinds labels of kinds
 * @param flow route id
 * @param run run id, or the beginning of one
 * @param by who ordered it
 * @param outcome what came of it
 * @param from from this time on
 * @param to before this time
 * @param before only older ones than this event
 */
public record AuditSelection(
    List<String> kinds,
    Optional<String> flow,
    Optional<String> run,
    Optional<String> by,
    Optional<String> outcome,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<Cursor> before) {

  /** All events. */
  public static final AuditSelection ALL =
      new AuditSelection(
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** A place in the trail. */
  public record Cursor(int epoch, long seq) {

    /**
     * The place that {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Cursor parse(String text) {
      if (!text.matches("\\d{1,9}-\\d{1,18}")) {
        throw new IllegalArgumentException("a place in the trail is EPOCH-SEQ");
      }
      String[] parts = text.split("-", -1);
      return new Cursor(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
    }

    @Override
    public String toString() {
      return epoch + "-" + seq;
    }
  }

  /** These, but only older ones than this. */
  public AuditSelection olderThan(Cursor cursor) {
    return new AuditSelection(kinds, flow, run, by, outcome, from, to, Optional.of(cursor));
  }

  /** Whether an event is meant, as far as its content says. */
  boolean matches(ChainEntry entry) {
    return fits(flow, entry.text(AuditField.FLOW))
        && fits(by, entry.text(AuditField.ORDERED_BY))
        && fits(outcome, entry.text(AuditField.OUTCOME))
        && run.map(begin -> entry.text(AuditField.RUN).startsWith(begin)).orElse(true);
  }

  private static boolean fits(Optional<String> wanted, String value) {
    return wanted.map(value::equals).orElse(true);
  }
}
