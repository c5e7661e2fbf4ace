package io.waybill.batch.row;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Writes rows as JSONEachRow for the columns of one table. Fields are columns by their name, or, if
 * that tells exactly one, by their name in other case; what no column has is written as JSON has
 * it, for ClickHouse to judge. Columns that a row has not take the table's default. Thread-safe.
 */
public final class RowEncoder {
  private final List<Field> positions = new ArrayList<>();
  private final Map<String, Field> exact = new HashMap<>();
  private final Map<String, Field> anyCase = new HashMap<>();
  private final UnaryOperator<Object> plain;

  /** A column, ready to be written. */
  private static final class Field {
    private final RowColumn column;
    private final ValueWriter writer;
    private final byte[] key;

    Field(RowColumn column) {
      this.column = column;
      this.writer = ValueWriters.of(column.type());
      this.key = new JsonOut().string(column.name()).ascii(':').toByteArray();
    }
  }

  /**
   * For a table.
   *
   * @param columns those that an insert may fill; empty if there is no table yet
   * @param plain makes values of foreign classes plain ones of {@code java.lang}, {@code
   *     java.util}, {@code java.time}
   */
  public RowEncoder(List<RowColumn> columns, UnaryOperator<Object> plain) {
    this.plain = plain;
    for (RowColumn column : columns) {
      Field field = new Field(column);
      positions.add(field);
      exact.put(column.name(), field);
      String lower = column.name().toLowerCase(Locale.ROOT);
      // two columns that differ in case only can only be meant exactly
      anyCase.put(lower, anyCase.containsKey(lower) ? null : field);
    }
  }

  /** How many columns a row without names may have. */
  public int width() {
    return positions.size();
  }

  /**
   * Writes a row and the end of its line.
   *
   * @return how many of its values their columns do not take; a {@link RowMisfit} is in their place
   */
  public int write(Map<?, ?> row, JsonOut out) {
    int misfits = 0;
    char before = '{';
    for (Map.Entry<?, ?> each : row.entrySet()) {
      out.ascii(before);
      misfits += write(String.valueOf(each.getKey()), each.getValue(), out);
      before = ',';
    }
    out.ascii(before == '{' ? "{}\n" : "}\n");
    return misfits;
  }

  /**
   * Writes a row whose values stand in the order of the columns.
   *
   * @throws IllegalArgumentException if it has more values than the table has columns
   */
  public int write(List<?> row, JsonOut out) {
    if (row.size() > positions.size()) {
      throw new IllegalArgumentException(
          positions.isEmpty()
              ? "a row without names needs a table that is there"
              : "a row without names has %d values and the table %d columns"
                  .formatted(row.size(), positions.size()));
    }
    int misfits = 0;
    char before = '{';
    for (int i = 0; i < row.size(); i++) {
      out.ascii(before);
      misfits += write(positions.get(i), plain.apply(row.get(i)), out);
      before = ',';
    }
    out.ascii(before == '{' ? "{}\n" : "}\n");
    return misfits;
  }

  private int write(String name, Object given, JsonOut out) {
    Object value = plain.apply(given);
    Field field = exact.get(name);
    if (field == null) {
      field = anyCase.get(name.toLowerCase(Locale.ROOT));
    }
    if (field != null) {
      return write(field, value, out);
    }
    Map<String, List<Object>> parts = nested(name, value);
    if (parts.isEmpty()) {
      out.string(name).ascii(':');
      return write(new RowColumn(name, "JSON"), NaturalWriter.INSTANCE, value, out);
    }
    int misfits = 0;
    int left = parts.size();
    for (Map.Entry<String, List<Object>> each : parts.entrySet()) {
      misfits += write(exact.get(each.getKey()), each.getValue(), out);
      left--;
      if (left > 0) {
        out.ascii(',');
      }
    }
    return misfits;
  }

  /**
   * Rows within a row are columns {@code name.field}, each an array, where the table has those.
   *
   * @see <a
   *     href="https://clickhouse.com/docs/sql-reference/data-types/nested-data-structures/nested">Nested</a>
   */
  private Map<String, List<Object>> nested(String name, Object value) {
    Map<String, List<Object>> parts = new LinkedHashMap<>();
    if (!(value instanceof Collection<?> rows)) {
      return parts;
    }
    String prefix = name + ".";
    exact.keySet().stream()
        .filter(column -> column.startsWith(prefix))
        .forEach(column -> parts.put(column, new ArrayList<>()));
    for (Object row : rows) {
      if (!(row instanceof Map<?, ?> fields)) {
        return Map.of();
      }
      parts.forEach((column, values) -> values.add(fields.get(column.substring(prefix.length()))));
    }
    return parts;
  }

  private static int write(Field field, Object value, JsonOut out) {
    out.raw(field.key);
    return write(field.column, field.writer, value, out);
  }

  private static int write(RowColumn column, ValueWriter writer, Object value, JsonOut out) {
    int at = out.size();
    try {
      writer.writeOrNull(value, out);
      return 0;
    } catch (Misfit e) {
      out.shrinkTo(at);
      boolean readsNoText =
          writer != TextWriters.STRING
              && writer != NaturalWriter.INSTANCE
              && writer != NaturalWriter.DOCUMENT;
      new RowMisfit(column.name(), column.type(), value.getClass().getTypeName())
          .write(value, readsNoText, out);
      return 1;
    }
  }
}
