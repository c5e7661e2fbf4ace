package io.waybill.camel.kafka;

import io.waybill.batch.Batch;
import io.waybill.batch.BatchWriter;
import io.waybill.batch.SegmentPool;
import io.waybill.batch.row.JsonObjects;
import io.waybill.batch.row.NoRow;
import io.waybill.camel.StreamRange;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.Run;
import io.waybill.delivery.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of one partition from one offset to another, on their way through a flow. Values that
 * are JSON and that no step has touched are copied as they are. Used by one thread at a time.
 */
final class KafkaRange extends StreamRange {
  private final Stream stream;
  private final PartitionSource source;
  private final KafkaColumns columns;
  private final long from;
  private final long to;
  private final List<ConsumerRecord<?, ?>> records;
  private final RecordList body;
  private final LedgerBatch inDoubt;
  private final AtomicBoolean delivered = new AtomicBoolean();
  private volatile boolean settled;
  private final JsonObjects objects = new JsonObjects();

  /**
   * A range.
   *
   * @param inDoubt the planned batch that it is; null if it is new
   */
  KafkaRange(
      Stream stream,
      PartitionSource source,
      KafkaColumns columns,
      long from,
      long to,
      List<ConsumerRecord<?, ?>> records,
      RecordList body,
      LedgerBatch inDoubt) {
    this.stream = stream;
    this.source = source;
    this.columns = columns;
    this.from = from;
    this.to = to;
    this.records = records;
    this.body = body;
    this.inDoubt = inDoubt;
  }

  void prepare(Exchange exchange) {
    Message message = exchange.getMessage();
    message.setBody(body);
    if (!records.isEmpty()) {
      message.setHeader(KafkaConstants.TOPIC, records.get(0).topic());
      message.setHeader(KafkaConstants.PARTITION, records.get(0).partition());
      message.setHeader(KafkaConstants.OFFSET, records.get(0).offset());
    }
    putOn(exchange);
  }

  /** Settles a range that the flow made nothing of. */
  void leaveOutUnlessDelivered() {
    if (delivered.compareAndSet(false, true)) {
      leaveOut();
    }
  }

  private void leaveOut() {
    if (inDoubt == null) {
      stream.skip(from, to);
    } else {
      var unused = stream.resend(inDoubt, null);
    }
    settled = true;
  }

  /** Whether all of it is in ClickHouse, a dead letter, or nothing. */
  boolean isSettled() {
    return settled;
  }

  @Override
  public Delivered deliver(Object given, SegmentPool pool, Rows rows) throws IOException {
    if (!delivered.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "a range of messages came twice; a flow sends it to waybill: once");
    }
    try (BatchWriter out = new BatchWriter(pool)) {
      new Writing(out, rows).all(given);
      if (out.rows() == 0) {
        leaveOut();
        return new Delivered("", 0);
      }
      Batch batch = out.finish(from, to);
      Run run = inDoubt == null ? stream.deliver(batch, oldest()) : stream.resend(inDoubt, batch);
      settled = true;
      return new Delivered(run.id(), batch.position().records());
    } finally {
      source.forget(from);
    }
  }

  private Instant oldest() {
    return Instant.ofEpochMilli(
        records.stream().mapToLong(ConsumerRecord::timestamp).min().orElse(0));
  }

  /** Writes the rows of this range and notes where each came from. */
  private final class Writing {
    private final BatchWriter out;
    private final Rows rows;
    private long[] offsets = new long[Math.max(1, records.size())];
    private long[] recordOffsets;
    private int noted;

    Writing(BatchWriter out, Rows rows) {
      this.out = out;
      this.rows = rows;
    }

    void all(Object given) throws IOException {
      if (given == body) {
        for (int i = 0; i < records.size(); i++) {
          Exchange touched = body.touched(i);
          if (touched == null) {
            record(records.get(i));
          } else {
            made(touched, records.get(i));
          }
        }
      } else {
        for (Iterator<?> each = elements(given); each.hasNext(); ) {
          Object element = each.next();
          made(element, recordOf(element));
        }
      }
      source.note(from, offsets);
    }

    private static Iterator<?> elements(Object given) {
      if (given instanceof Iterator<?> iterator) {
        return iterator;
      }
      return given instanceof Iterable<?> iterable
          ? iterable.iterator()
          : given instanceof Object[] array
              ? Arrays.asList(array).iterator()
              : given == null ? List.of().iterator() : List.of(given).iterator();
    }

    private ConsumerRecord<?, ?> recordOf(Object element) {
      Message message =
          element instanceof Exchange exchange
              ? exchange.getMessage()
              : element instanceof Message each ? each : null;
      Long offset = message == null ? null : message.getHeader(KafkaConstants.OFFSET, Long.class);
      if (offset == null) {
        return null;
      }
      int found = Arrays.binarySearch(recordOffsets(), offset);
      return found < 0 ? null : records.get(found);
    }

    private long[] recordOffsets() {
      if (recordOffsets == null) {
        recordOffsets = records.stream().mapToLong(ConsumerRecord::offset).toArray();
      }
      return recordOffsets;
    }

    private void record(ConsumerRecord<?, ?> record) throws IOException {
      Object value = record.value();
      if (value instanceof byte[] bytes) {
        json(bytes, record);
      } else if (value instanceof String string) {
        json(string.getBytes(StandardCharsets.UTF_8), record);
      } else {
        made(value, record);
      }
    }

    private void json(byte[] text, ConsumerRecord<?, ?> record) throws IOException {
      byte[] fields = record == null ? new byte[0] : columns.fields(record);
      if (objects.copy(text, fields, out) == 0) {
        out.write(NoRow.line(text));
      }
      note(record);
    }

    /** What is no row is a dead letter, and stops nothing. */
    private void made(Object element, ConsumerRecord<?, ?> record) throws IOException {
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
        byte[] value =
            record != null && record.value() instanceof byte[] bytes
                ? bytes
                : element == null ? null : element.toString().getBytes(StandardCharsets.UTF_8);
        out.write(NoRow.line(value));
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
  }
}
