package io.waybill.camel.kafka;

import io.waybill.batch.SegmentPool;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A range whose records the steps of the flow may look at, and make something else of. */
final class KeptRange extends KafkaRange {
  private final List<ConsumerRecord<?, ?>> records;
  private final RecordList body;
  private long[] recordOffsets;

  KeptRange(Place place, List<ConsumerRecord<?, ?>> records, RecordList body) {
    super(place);
    this.records = records;
    this.body = body;
  }

  @Override
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

  @Override
  Instant oldest() {
    return Instant.ofEpochMilli(
        records.stream().mapToLong(ConsumerRecord::timestamp).min().orElse(0));
  }

  @Override
  RowWriting rows(Object given, SegmentPool pool, Rows encoder) {
    RowWriting out = new RowWriting(pool, place().columns(), place().from());
    try {
      if (given == body) {
        untouched(out, encoder);
      } else {
        for (Iterator<?> each = elements(given); each.hasNext(); ) {
          Object element = each.next();
          out.made(element, recordOf(element), encoder);
        }
      }
      return out;
    } catch (RuntimeException e) {
      out.close();
      throw e;
    }
  }

  private void untouched(RowWriting out, Rows encoder) {
    for (int i = 0; i < records.size(); i++) {
      ConsumerRecord<?, ?> record = records.get(i);
      Exchange touched = body.touched(i);
      if (touched != null) {
        out.made(touched, record, encoder);
      } else if (RowWriting.isPlain(record.value())) {
        out.plain(record);
      } else {
        out.made(record.value(), record, encoder);
      }
    }
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

  @Override
  public void close() {
    // its rows are written and closed where it is delivered
  }
}
