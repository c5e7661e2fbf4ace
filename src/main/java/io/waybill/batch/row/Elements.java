package io.waybill.batch.row;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The elements of lists and arrays of any kind. */
final class Elements {
  private Elements() {}

  static Iterable<?> of(Object value) throws Misfit {
    if (value instanceof Iterable<?> values) {
      return values;
    }
    if (value instanceof Object[] values) {
      return Arrays.asList(values);
    }
    if (!value.getClass().isArray()) {
      throw new Misfit();
    }
    int length = Array.getLength(value);
    List<Object> values = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      values.add(Array.get(value, i));
    }
    return values;
  }
}
