package io.waybill.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Which dead letters are meant: those that meet everything that is given.
 *
 * @param ids these, or any if there are none
 * @param flow of this flow
 * @param run of runs whose ids begin so
 * @param error with this error code or name
 * @param column refused for this column
 * @param since refused since then
 * @param settled those that were replayed or discarded as well
 * @param tables refused by one of these, or by any if there are none
 */
public record DeadLetterSelection(
    List<String> ids,
    Optional<String> flow,
    Optional<String> run,
    Optional<String> error,
    Optional<String> column,
    Optional<Instant> since,
    boolean settled,
    List<String> tables) {

  /** Refused by whatever table. */
  public DeadLetterSelection(
      List<String> ids,
      Optional<String> flow,
      Optional<String> run,
      Optional<String> error,
      Optional<String> column,
      Optional<Instant> since,
      boolean settled) {
    this(ids, flow, run, error, column, since, settled, List.of());
  }

  /** All that wait for somebody. */
  public static final DeadLetterSelection WAITING =
      new DeadLetterSelection(
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false);

  /** These alone, whatever became of them. */
  public static DeadLetterSelection of(List<String> ids) {
    return new DeadLetterSelection(
        ids,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  /** The same of these tables only. */
  public DeadLetterSelection among(List<String> these) {
    return new DeadLetterSelection(ids, flow, run, error, column, since, settled, these);
  }

  /** Whether it says more than all. */
  public boolean isNarrow() {
    return !ids.isEmpty()
        || flow.isPresent()
        || run.isPresent()
        || error.isPresent()
        || column.isPresent()
        || since.isPresent();
  }

  /** A condition on {@code dead_letter}, and the values to bind. */
  record Condition(String sql, List<Object> values) {}

  Condition condition() {
    List<String> parts = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    if (!settled) {
      parts.add("dead_letter.state IN ('stored', 'replaying')");
    }
    if (!ids.isEmpty()) {
      parts.add(
          "dead_letter.id IN (%s)"
              .formatted(String.join(", ", Collections.nCopies(ids.size(), "?"))));
      values.addAll(ids);
    }
    if (!tables.isEmpty()) {
      parts.add(
          "unit.target_database || '.' || unit.target_table IN (%s)"
              .formatted(String.join(", ", Collections.nCopies(tables.size(), "?"))));
      values.addAll(tables);
    }
    flow.ifPresent(name -> add(parts, "dead_letter.flow = ?", values, name));
    // ids are plain ASCII, so all that begin with a prefix lie below prefix + U+FFFF
    run.ifPresent(
        prefix -> {
          add(parts, "dead_letter.run >= ?", values, prefix);
          add(parts, "dead_letter.run < ?", values, prefix + '\uffff');
        });
    error.ifPresent(
        each -> {
          parts.add("(dead_letter.error_name = ? OR CAST(dead_letter.error_code AS TEXT) = ?)");
          values.add(each);
          values.add(each);
        });
    column.ifPresent(name -> add(parts, "dead_letter.column_name = ?", values, name));
    since.ifPresent(time -> add(parts, "dead_letter.stored_at >= ?", values, time));
    return new Condition(parts.isEmpty() ? "1 = 1" : String.join(" AND ", parts), values);
  }

  private static void add(List<String> parts, String sql, List<Object> values, Object value) {
    parts.add(sql);
    values.add(value);
  }
}
