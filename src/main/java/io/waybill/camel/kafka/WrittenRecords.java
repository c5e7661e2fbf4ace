package io.waybill.camel.kafka;

import io.waybill.batch.CutLimits;
import io.waybill.batch.SegmentPool;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Writes records as the rows of their batch as soon as they are read, for flows with no step that
 * could look at them. So they are not kept: nothing of them outlives the next collection of
 * garbage, and a batch takes its own size and no more.
 */
final class WrittenRecords implements Gathering {
  private static final long OFFSET = Long.BYTES;
  private final CutLimits limits;
  private final SegmentPool pool;
  private final KafkaColumns columns;
  private final Deque<Written> whole = new ArrayDeque<>();
  private Written last;
  private long from;
  private long upTo;
  private boolean bounded;

  WrittenRecords(CutLimits limits, SegmentPool pool, KafkaColumns columns) {
    this.limits = limits;
    this.pool = pool;
    this.columns = columns;
  }

  @Override
  public void begin(long first, long end) {
    whole.forEach(each -> each.rows.close());
    whole.clear();
    if (last != null) {
      last.rows.close();
      last = null;
    }
    from = first;
    upTo = end;
    bounded = end < Long.MAX_VALUE;
  }

  @Override
  public void add(ConsumerRecord<Object, Object> record) {
    if (record.offset() < from || record.offset() >= upTo) {
      return;
    }
    // a range in doubt is what it was, whatever the limits are now
    if (last != null && !bounded && last.isFullWith(record, limits)) {
      whole.add(last);
      last = null;
    }
    if (last == null) {
      last = new Written(new RowWriting(pool, columns, from));
    }
    last.add(record);
    from = last.to;
  }

  @Override
  public boolean isEmpty() {
    return last == null;
  }

  @Override
  public boolean isWhole() {
    return !whole.isEmpty() || (last != null && last.isFull(limits));
  }

  @Override
  public long memory() {
    return whole.stream().mapToLong(Written::memory).sum() + (last == null ? 0 : last.memory());
  }

  @Override
  public Part next() {
    if (!whole.isEmpty()) {
      return whole.remove();
    }
    return all();
  }

  @Override
  public Part all() {
    Written part = last == null ? new Written(new RowWriting(pool, columns, from)) : last;
    part.to = Math.max(part.to, from);
    last = null;
    return part;
  }

  /** Rows of one range. */
  private static final class Written implements Part {
    private final RowWriting rows;
    private long records;
    private long to;
    private long oldest = Long.MAX_VALUE;

    Written(RowWriting rows) {
      this.rows = rows;
    }

    void add(ConsumerRecord<?, ?> record) {
      rows.plain(record);
      records++;
      to = record.offset() + 1;
      oldest = Math.min(oldest, record.timestamp());
    }

    boolean isFull(CutLimits limits) {
      return records >= limits.rows() || rows.size() >= limits.bytes();
    }

    boolean isFullWith(ConsumerRecord<?, ?> record, CutLimits limits) {
      return isFull(limits) || rows.size() + record.serializedValueSize() > limits.bytes();
    }

    @Override
    public long memory() {
      return rows.size() + OFFSET * rows.rows();
    }

    @Override
    public long to() {
      return to;
    }

    @Override
    public KafkaRange range(KafkaRange.Place place) {
      return new WrittenRange(place, rows, oldest);
    }
  }
}
