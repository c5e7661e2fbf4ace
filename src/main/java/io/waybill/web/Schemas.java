package io.waybill.web;

import io.waybill.web.view.About;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JSON schemas of records, each named once. */
final class Schemas {
  private final Map<String, Object> named = new TreeMap<>();

  static Map<String, Object> text() {
    return Map.of("type", "string");
  }

  Map<String, Object> all() {
    return named;
  }

  /** A reference to the schema of a record. */
  Map<String, Object> of(Class<?> record) {
    String name = name(record);
    if (!named.containsKey(name)) {
      named.put(name, Map.of()); // it may be part of itself
      named.put(name, schema(record));
    }
    return Map.of("$ref", "#/components/schemas/" + name);
  }

  /** {@code RunView.Listing} is RunListing. */
  private static String name(Class<?> record) {
    Class<?> outer = record.getEnclosingClass();
    String name = record.getSimpleName();
    return (outer == null ? name : outer.getSimpleName() + name)
        .replace("SiteView", "")
        .replace("View", "");
  }

  private Map<String, Object> schema(Class<?> record) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    boolean sent = record.getName().contains("OrderView$");
    for (RecordComponent part : record.getRecordComponents()) {
      About about = part.getAnnotation(About.class);
      properties.put(part.getName(), property(part.getGenericType(), about));
      // what is answered is always there, if only as null
      if (!sent || about == null || !about.maybe()) {
        required.add(part.getName());
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put("required", required);
    schema.put("additionalProperties", false);
    return schema;
  }

  private Map<String, Object> property(Type type, About about) {
    Map<String, Object> property = new LinkedHashMap<>(plain(type));
    if (about == null) {
      return property;
    }
    if (about.time()) {
      property.put("format", "date-time");
    }
    if (about.maybe() && !type.equals(boolean.class)) {
      Object plain = property.get("type");
      if (plain == null) {
        property = new LinkedHashMap<>(Map.of("anyOf", List.of(property, Map.of("type", "null"))));
      } else {
        property.put("type", List.of(plain, "null"));
      }
    }
    property.put("description", about.value());
    return property;
  }

  private Map<String, Object> plain(Type type) {
    if (type instanceof ParameterizedType many) {
      Type[] of = many.getActualTypeArguments();
      return many.getRawType().equals(Map.class)
          ? Map.of("type", "object", "additionalProperties", plain(of[1]))
          : Map.of("type", "array", "items", plain(of[0]));
    }
    if (type.equals(String.class)) {
      return text();
    }
    if (type.equals(boolean.class) || type.equals(Boolean.class)) {
      return Map.of("type", "boolean");
    }
    if (type.equals(int.class) || type.equals(long.class)) {
      return Map.of("type", "integer");
    }
    if (type.equals(double.class) || type.equals(Double.class)) {
      return Map.of("type", "number");
    }
    return of((Class<?>) type);
  }
}
