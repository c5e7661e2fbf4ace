package io.waybill.camel.kafka;

import io.waybill.batch.CutLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Keeps records as they came, for flows whose steps may look at them. */
final class KeptRecords implements Gathering {
  private static final int COPIES = 2; // the records and what is made of them
  private static final long OVERHEAD = 200; // bytes that the client takes for a record
  private final CutLimits limits;
  private final Function<List<ConsumerRecord<?, ?>>, RecordList> lists;
  private final Deque<ConsumerRecord<Object, Object>> buffer = new ArrayDeque<>();
  private long bytes;
  private long from;
  private long upTo;

  /**
   * Nothing yet.
   *
   * @param lists makes the body of records
   */
  KeptRecords(CutLimits limits, Function<List<ConsumerRecord<?, ?>>, RecordList> lists) {
    this.limits = limits;
    this.lists = lists;
  }

  @Override
  public void begin(long first, long end) {
    buffer.clear();
    bytes = 0;
    from = first;
    upTo = end;
  }

  @Override
  public void add(ConsumerRecord<Object, Object> record) {
    if (record.offset() >= from && record.offset() < upTo) {
      buffer.add(record);
      bytes += size(record);
    }
  }

  @Override
  public boolean isEmpty() {
    return buffer.isEmpty();
  }

  @Override
  public boolean isWhole() {
    return buffer.size() >= limits.rows() || bytes >= limits.bytes();
  }

  @Override
  public long memory() {
    return COPIES * bytes;
  }

  @Override
  public Part next() {
    return take(limits.rows(), limits.bytes());
  }

  @Override
  public Part all() {
    return take(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private Part take(long mostRows, long mostBytes) {
    List<ConsumerRecord<?, ?>> records = new ArrayList<>();
    long taken = 0;
    while (!buffer.isEmpty()
        && records.size() < mostRows
        && (records.isEmpty() || taken + size(buffer.peek()) <= mostBytes)) {
      taken += size(buffer.peek());
      records.add(buffer.remove());
    }
    bytes -= taken;
    if (!records.isEmpty()) {
      from = records.get(records.size() - 1).offset() + 1;
    }
    return new Kept(records, from, COPIES * taken, lists.apply(records));
  }

  private static long size(ConsumerRecord<?, ?> record) {
    return OVERHEAD
        + Math.max(0L, record.serializedValueSize())
        + Math.max(0L, record.serializedKeySize());
  }

  private record Kept(List<ConsumerRecord<?, ?>> records, long to, long memory, RecordList body)
      implements Part {
    @Override
    public KafkaRange range(KafkaRange.Place place) {
      return new KeptRange(place, records, body);
    }
  }
}
