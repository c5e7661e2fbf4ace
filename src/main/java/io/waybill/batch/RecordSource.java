package io.waybill.batch;

import java.io.IOException;
import java.util.List;
import java.util.SortedSet;

/** What records come from: a unit of bytes, or a stream that goes on and on. */
public interface RecordSource {

  /** What identifies the source within its flow. */
  String id();

  /** What a person finds it by, for messages: for a file its path. */
  String location();

  /**
   * The places of some records of a range, in their order.
   *
   * @param range range of a batch that was made of this source
   * @param records their numbers in the source
   * @throws SourceFormatException if the source does not have that range any more
   */
  List<Places.Place> places(Format format, Position range, SortedSet<Long> records)
      throws IOException;
}
