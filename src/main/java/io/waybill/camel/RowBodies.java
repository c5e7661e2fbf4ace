package io.waybill.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.batch.row.JsonLines;
import io.waybill.batch.row.JsonOut;
import io.waybill.batch.row.RowEncoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Writes what a message's body holds of rows, one JSON object per line: maps, lists of values in
 * the order of the table's columns, JSON, Avro's records, rows of a database, other messages, and
 * lists or iterators of these. An iterator is read once, with one row in memory. Used by one
 * thread.
 */
final class RowBodies {
  private static final int FLUSH = 1 << 16;
  private final RowSchema schema;
  private final OutputStream out;
  private final JsonOut json = new JsonOut();
  private RowEncoder encoder;
  private boolean fresh;

  RowBodies(RowSchema schema, OutputStream out) {
    this.schema = schema;
    this.out = out;
    this.encoder = schema.encoder();
  }

  /** Whether a body is made of rows rather than of bytes. */
  static boolean areRows(Object body) {
    return body instanceof Map
        || (body instanceof Iterable && !(body instanceof Path))
        || body instanceof Iterator
        || body instanceof Object[]
        || body instanceof ResultSet
        || body instanceof IndexedRecord
        || body instanceof Exchange
        || body instanceof Message;
  }

  /**
   * Writes all rows.
   *
   * @throws IllegalArgumentException if something is no row, naming its class
   */
  void write(Object body) throws IOException {
    if (body instanceof Map<?, ?> || (body instanceof JsonNode node && !node.isArray())) {
      row(body);
    } else if (body instanceof ResultSet rows) {
      resultSet(rows);
    } else if (body instanceof Exchange || body instanceof Message) {
      message(body);
    } else if (body instanceof Iterator<?> rows) {
      each(rows);
    } else if (body instanceof Iterable<?> rows) {
      each(rows.iterator());
    } else if (body instanceof Object[] rows) {
      each(Arrays.asList(rows).iterator());
    } else {
      row(body);
    }
    json.drainTo(out);
  }

  private void each(Iterator<?> given) throws IOException {
    Iterator<?> rows = ReadAhead.of(given);
    try {
      while (rows.hasNext()) {
        Object row = rows.next();
        if (row instanceof Exchange || row instanceof Message) {
          message(row);
        } else {
          row(row);
        }
      }
    } finally {
      close(rows);
    }
  }

  /** Closes rows that can be closed. */
  static void close(Iterator<?> rows) throws IOException {
    if (rows instanceof AutoCloseable open) {
      close(open);
    }
  }

  private static void close(AutoCloseable rows) throws IOException {
    try {
      rows.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the rows' source cannot be closed: " + e.getMessage(), e);
    }
  }

  private void message(Object holder) throws IOException {
    Message message =
        holder instanceof Exchange exchange ? exchange.getMessage() : (Message) holder;
    Object body = message.getBody();
    if (areRows(body) || body instanceof JsonNode) {
      write(body);
    } else {
      byte[] text = message.getBody(byte[].class);
      if (text == null) {
        throw noRow(body);
      }
      text(text);
    }
  }

  private void row(Object row) throws IOException {
    if (row instanceof Map<?, ?> map) {
      encode(() -> encoder.write(map, json));
    } else if (row instanceof List<?> values) {
      encode(() -> encoder.write(values, json));
    } else if (row instanceof Object[] values) {
      encode(() -> encoder.write(Arrays.asList(values), json));
    } else if (row instanceof ObjectNode node) {
      row(PlainValues.of(node));
    } else if (row instanceof IndexedRecord record) {
      row(AvroRecords.map(record));
    } else if (row instanceof CharSequence text) {
      text(text.toString().getBytes(StandardCharsets.UTF_8));
    } else if (row instanceof byte[] text) {
      text(text);
    } else {
      throw noRow(row);
    }
    if (json.size() > FLUSH) {
      json.drainTo(out);
    }
  }

  /**
   * A row that does not fit is written for the table as it is now: somebody may have altered it.
   */
  private void encode(Writing row) {
    int before = json.size();
    if (row.misfits() > 0 && !fresh) {
      fresh = true;
      encoder = schema.reread();
      json.shrinkTo(before);
      row.misfits();
    }
  }

  private void text(byte[] text) throws IOException {
    json.drainTo(out);
    JsonLines.copy(new ByteArrayInputStream(text), out);
  }

  private void resultSet(ResultSet rows) throws IOException {
    try {
      ResultSetMetaData columns = rows.getMetaData();
      while (rows.next()) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          row.put(columns.getColumnLabel(i), rows.getObject(i));
        }
        row(row);
      }
    } catch (SQLException e) {
      throw new IOException("the rows of the database cannot be read: " + e.getMessage(), e);
    }
  }

  private static IllegalArgumentException noRow(Object row) {
    return new IllegalArgumentException(
        "%s is no row; rows are Map, List, JSON objects, Avro records, ResultSet, and lists or iterators of these"
            .formatted(row == null ? "null" : row.getClass().getName()));
  }

  /** Writes one row; may be done twice. */
  private interface Writing {
    int misfits();
  }
}
