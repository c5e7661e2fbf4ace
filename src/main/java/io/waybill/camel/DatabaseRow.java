package io.waybill.camel;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.springframework.util.LinkedCaseInsensitiveMap;

/**
 * A row of a database as a map: its columns in their order, found by their names in any case. Rows
 * of one query share what they have in common, so that millions of them cost little. It may be
 * changed, as Camel's own rows may. Not thread-safe.
 */
final class DatabaseRow extends AbstractMap<String, Object> {
  private final Columns columns;
  private final Object[] values;
  private Map<String, Object> changed;

  /** What the rows of one query have in common. */
  static final class Columns {
    private final String[] names;
    private final Map<String, Integer> places = new HashMap<>();

    private Columns(String[] names) {
      this.names = names;
      for (int i = 0; i < names.length; i++) {
        places.put(names[i], i);
        places.put(names[i].toLowerCase(Locale.ROOT), i);
      }
    }

    /** Columns by these names; empty if two of them are the same in any case. */
    static Optional<Columns> of(List<String> names) {
      long distinct = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().count();
      return distinct == names.size()
          ? Optional.of(new Columns(names.toArray(String[]::new)))
          : Optional.empty();
    }

    private int place(Object name) {
      if (!(name instanceof String text)) {
        return -1;
      }
      Integer place = places.get(text);
      return place == null ? places.getOrDefault(text.toLowerCase(Locale.ROOT), -1) : place;
    }
  }

  /**
   * A row.
   *
   * @param values one for each; not copied
   */
  DatabaseRow(Columns columns, Object[] values) {
    this.columns = columns;
    this.values = values;
  }

  @Override
  public int size() {
    return changed == null ? values.length : changed.size();
  }

  @Override
  public Object get(Object name) {
    if (changed != null) {
      return changed.get(name);
    }
    int place = columns.place(name);
    return place < 0 ? null : values[place];
  }

  @Override
  public boolean containsKey(Object name) {
    return changed == null ? columns.place(name) >= 0 : changed.containsKey(name);
  }

  @Override
  public Object put(String name, Object value) {
    return change().put(name, value);
  }

  @Override
  public Object remove(Object name) {
    return change().remove(name);
  }

  @Override
  public void clear() {
    change().clear();
  }

  private Map<String, Object> change() {
    if (changed == null) {
      Map<String, Object> copy = new LinkedCaseInsensitiveMap<>(values.length);
      copy.putAll(this);
      changed = copy;
    }
    return changed;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return changed == null ? new Cells() : changed.entrySet();
  }

  private final class Cells extends AbstractSet<Entry<String, Object>> {
    @Override
    public int size() {
      return values.length;
    }

    @Override
    public Iterator<Entry<String, Object>> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < values.length;
        }

        @Override
        public Entry<String, Object> next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          int place = next++;
          return new SimpleImmutableEntry<>(columns.names[place], values[place]);
        }
      };
    }
  }
}
