package io.waybill.camel.kafka;

import io.waybill.batch.Format;
import io.waybill.batch.Places.Place;
import io.waybill.batch.Position;
import io.waybill.batch.RecordSource;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;

/** A partition of a topic, with the offsets of the rows that are on their way. Thread-safe. */
final class PartitionSource implements RecordSource {
  private final String id;
  private final String location;
  private final Map<Long, long[]> offsets = new ConcurrentHashMap<>();

  /**
   * A partition.
   *
   * @param id what tells it from others of the same name, on other clusters or before
   * @param location for people
   */
  PartitionSource(String id, String location) {
    this.id = id;
    this.location = location;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String location() {
    return location;
  }

  /** Notes the offset of each row of the range that begins here. */
  void note(long from, long[] ofRows) {
    offsets.put(from, ofRows);
  }

  void forget(long from) {
    offsets.remove(from);
  }

  @Override
  public List<Place> places(Format format, Position range, SortedSet<Long> records) {
    long[] ofRows = offsets.get(range.from());
    return records.stream()
        .map(record -> new Place(record, ofRows[Math.toIntExact(record - range.firstRecord())], 0))
        .toList();
  }
}
