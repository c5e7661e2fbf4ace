package io.waybill.batch.row;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writers of types that are made of others. */
final class NestedWriters {
  private NestedWriters() {}

  static ValueWriter array(ValueWriter element) {
    return (value, out) -> {
      char before = '[';
      for (Object each : Elements.of(value)) {
        out.ascii(before);
        element.writeOrNull(each, out);
        before = ',';
      }
      out.ascii(before == '[' ? "[]" : "]");
    };
  }

  static ValueWriter map(ValueWriter keys, ValueWriter values) {
    return (value, out) -> {
      if (!(value instanceof Map<?, ?> map)) {
        throw new Misfit();
      }
      char before = '{';
      for (Map.Entry<?, ?> each : map.entrySet()) {
        out.ascii(before);
        int at = out.size();
        keys.writeOrNull(each.getKey(), out);
        out.quoteFrom(at);
        out.ascii(':');
        values.writeOrNull(each.getValue(), out);
        before = ',';
      }
      out.ascii(before == '{' ? "{}" : "}");
    };
  }

  /** A tuple takes a list of all its elements, and one with names also a map of some of them. */
  static ValueWriter tuple(ColumnType type) {
    List<ValueWriter> elements = new ArrayList<>();
    Map<String, ValueWriter> named = new LinkedHashMap<>();
    for (int i = 0; i < type.arguments().size(); i++) {
      ValueWriter element = ValueWriters.of(type.inner(i));
      elements.add(element);
      if (!type.elementName(i).isEmpty()) {
        named.put(type.elementName(i), element);
      }
    }
    return (value, out) -> {
      if (value instanceof Map<?, ?> map) {
        object(named, map, out);
      } else if (named.isEmpty()) {
        list(elements, value, out);
      } else {
        object(named, withNames(named.keySet(), value), out);
      }
    };
  }

  private static Map<?, ?> withNames(Collection<String> names, Object value) throws Misfit {
    Map<Object, Object> map = new LinkedHashMap<>();
    Iterator<?> values = Elements.of(value).iterator();
    for (String name : names) {
      map.put(name, next(values));
    }
    requireEnd(values);
    return map;
  }

  private static void object(Map<String, ValueWriter> named, Map<?, ?> map, JsonOut out)
      throws Misfit {
    char before = '{';
    for (Map.Entry<?, ?> each : map.entrySet()) {
      String name = String.valueOf(each.getKey());
      ValueWriter element = named.get(name);
      if (element == null) {
        throw new Misfit();
      }
      out.ascii(before).string(name).ascii(':');
      element.writeOrNull(each.getValue(), out);
      before = ',';
    }
    out.ascii(before == '{' ? "{}" : "}");
  }

  private static void list(List<ValueWriter> elements, Object value, JsonOut out) throws Misfit {
    Iterator<?> values = Elements.of(value).iterator();
    char before = '[';
    for (ValueWriter element : elements) {
      out.ascii(before);
      element.writeOrNull(next(values), out);
      before = ',';
    }
    requireEnd(values);
    out.ascii(']');
  }

  private static Object next(Iterator<?> values) throws Misfit {
    if (!values.hasNext()) {
      throw new Misfit();
    }
    return values.next();
  }

  private static void requireEnd(Iterator<?> values) throws Misfit {
    if (values.hasNext()) {
      throw new Misfit();
    }
  }
}
