package io.waybill.camel.kafka;

import io.waybill.batch.Batch;
import io.waybill.batch.BatchWriter;
import io.waybill.batch.SegmentPool;
import io.waybill.batch.row.JsonObjects;
import io.waybill.batch.row.NoRow;
import io.waybill.camel.StreamRange.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The rows of a range while they are written, with the offset that each came from. Values that are
 * JSON are copied as they are. Closing it gives back the memory of what was not finished. Used by
 * one thread at a time.
 */
final class RowWriting implements AutoCloseable {
  private static final int FIRST_ROWS = 1024;
  private final JsonObjects objects = new JsonObjects();
  private final KafkaColumns columns;
  private final long from;
  private final BatchWriter out;
  private long[] offsets = new long[FIRST_ROWS];
  private int noted;

  /**
   * Of a range that begins here.
   *
   * @param from offset
   */
  RowWriting(SegmentPool pool, KafkaColumns columns, long from) {
    this.out = new BatchWriter(pool);
    this.columns = columns;
    this.from = from;
  }

  /** How many rows there are. */
  long rows() {
    return out.rows();
  }

  /** How many bytes they have. */
  long size() {
    return out.size();
  }

  /** The offset of each row. */
  long[] offsets() {
    return offsets;
  }

  /** The batch of all rows, once. */
  Batch finish(long to) {
    return out.finish(from, to);
  }

  /** Whether values of this kind are written without being made anything of. */
  static boolean isPlain(Object value) {
    return value == null || value instanceof byte[] || value instanceof String;
  }

  /** A record with a plain value. */
  void plain(ConsumerRecord<?, ?> record) {
    if (record.value() == null) {
      noRow(null, record);
    } else if (record.value() instanceof byte[] bytes) {
      json(bytes, record);
    } else {
      json(record.value().toString().getBytes(StandardCharsets.UTF_8), record);
    }
  }

  /**
   * What a step of the flow made. What is no row is a dead letter, and stops nothing.
   *
   * @param record of which; null if nobody knows
   */
  void made(Object element, ConsumerRecord<?, ?> record, Rows rows) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    boolean row = element != null;
    if (row) {
      try {
        rows.write(element, text);
      } catch (IOException | IllegalArgumentException e) {
        row = false;
      }
    }
    if (row && text.size() > 0) {
      json(text.toByteArray(), record);
    } else if (!row) {
      noRow(
          record != null && record.value() instanceof byte[] bytes
              ? bytes
              : element == null ? null : element.toString().getBytes(StandardCharsets.UTF_8),
          record);
    }
  }

  private void noRow(byte[] value, ConsumerRecord<?, ?> record) {
    byte[] line = NoRow.line(value);
    out.write(line, 0, line.length);
    note(record);
  }

  private void json(byte[] text, ConsumerRecord<?, ?> record) {
    byte[] fields = record == null ? KafkaColumns.NONE : columns.fields(record);
    if (objects.copy(text, fields, out) == 0) {
      noRow(text, record);
    } else {
      note(record);
    }
  }

  private void note(ConsumerRecord<?, ?> record) {
    long offset = record == null ? from : record.offset();
    int rowsNow = Math.toIntExact(out.rows());
    if (rowsNow > offsets.length) {
      offsets = Arrays.copyOf(offsets, Math.max(rowsNow, 2 * offsets.length));
    }
    Arrays.fill(offsets, noted, rowsNow, offset);
    noted = rowsNow;
  }

  @Override
  public void close() {
    out.close();
  }
}
