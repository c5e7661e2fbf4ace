package io.waybill.camel;

import io.waybill.delivery.HeldDeliveryException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of an extract as they pass, watched: each has a key, the keys ascend, the first is
 * beyond the checkpoint and none beyond the bound. Used once, by one thread.
 */
final class KeyedRows implements Iterator<Object>, AutoCloseable {
  private final Iterator<?> rows;
  private final String column;
  private final KeyedExtracts.Beginning beginning;
  private String label;
  private KeyValue last;
  private long count;

  private KeyedRows(Iterator<?> rows, String column, KeyedExtracts.Beginning beginning) {
    this.rows = rows;
    this.column = column;
    this.beginning = beginning;
    this.label = column;
  }

  /**
   * Of a body.
   *
   * @throws HeldDeliveryException if it is not made of rows
   */
  static KeyedRows of(Object body, String column, KeyedExtracts.Beginning beginning) {
    Iterator<?> rows;
    if (body instanceof Iterator<?> iterator) {
      rows = iterator;
    } else if (body instanceof Iterable<?> iterable) {
      rows = iterable.iterator();
    } else if (body instanceof Object[] array) {
      rows = Arrays.asList(array).iterator();
    } else {
      throw KeyTrouble.noRows(body);
    }
    return new KeyedRows(ReadAhead.of(rows), column, beginning);
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public Object next() {
    Object row = rows.next();
    count++;
    if (!(row instanceof Map<?, ?> map)) {
      throw KeyTrouble.noRows(row);
    }
    KeyValue key;
    try {
      key = KeyValue.of(value(map));
      inOrder(key);
    } catch (IllegalArgumentException e) {
      throw KeyTrouble.kind(column, count, e.getMessage());
    }
    last = key;
    return row;
  }

  private void inOrder(KeyValue key) {
    if (last == null) {
      if (key.compareTo(beginning.from()) <= 0) {
        throw KeyTrouble.notBeyondCheckpoint(column);
      }
    } else if (key.compareTo(last) < 0) {
      throw KeyTrouble.order(column, count);
    }
    if (beginning.until().isPresent() && key.compareTo(beginning.until().get()) > 0) {
      throw KeyTrouble.beyondBound(column, count);
    }
  }

  private Object value(Map<?, ?> row) {
    Object value = row.get(label);
    if (value == null && !row.containsKey(label)) {
      label =
          row.keySet().stream()
              .map(String::valueOf)
              .filter(column::equalsIgnoreCase)
              .findFirst()
              .orElseThrow(() -> KeyTrouble.noColumn(column));
      value = row.get(label);
    }
    return value;
  }

  /** The key of the last row that passed; empty if there was none. */
  Optional<KeyValue> last() {
    return Optional.ofNullable(last);
  }

  @Override
  public void close() throws IOException {
    RowBodies.close(rows);
  }
}
