package io.waybill.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Arrays;
import org.postgresql.util.PGobject;

/**
 * Makes values of JDBC and Jackson plain ones of Java. A {@link Timestamp} is a point in time: what
 * a database without time zones means by it depends on the zone that Waybill runs in.
 */
final class PlainValues {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlainValues() {}

  static Object of(Object value) {
    if (value == null || value instanceof String || value instanceof Number) {
      return value; // most are; the interfaces below are dear to ask for
    }
    if (value instanceof java.util.Date) {
      return time(value);
    }
    if (value instanceof JsonNode node) {
      return tree(node);
    }
    if (value instanceof PGobject special) {
      return special.getValue(); // json, ranges and the like, as PostgreSQL writes them
    }
    return value instanceof Array || value instanceof Blob || value instanceof Clob
        ? large(value)
        : value;
  }

  private static Object time(Object value) {
    if (value instanceof Timestamp timestamp) {
      return timestamp.toInstant();
    }
    if (value instanceof Date date) {
      return date.toLocalDate();
    }
    return value instanceof Time time ? time.toLocalTime() : value;
  }

  private static Object tree(JsonNode node) {
    try {
      return JSON.treeToValue(node, Object.class);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object large(Object value) {
    try {
      if (value instanceof Blob blob) {
        return blob.getBytes(1, Math.toIntExact(blob.length()));
      }
      if (value instanceof Clob clob) {
        return clob.getSubString(1, Math.toIntExact(clob.length()));
      }
      Object elements = ((Array) value).getArray();
      return elements instanceof Object[] boxed
          ? Arrays.stream(boxed).map(PlainValues::of).toList()
          : elements;
    } catch (SQLException e) {
      throw new IllegalArgumentException(
          "a value of the database cannot be read: " + e.getMessage(), e);
    }
  }
}
