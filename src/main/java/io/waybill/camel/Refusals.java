package io.waybill.camel;

import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.Waybill;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where in a source the records were that became dead letters, until it is asked. Thread-safe. */
final class Refusals {
  private final Map<String, List<Long>> offsets = new ConcurrentHashMap<>();

  void add(Waybill waybill, List<DeadLetter> letters) {
    offsets.compute(
        waybill.plan().sourceId(),
        (source, known) -> {
          List<Long> all = known == null ? new ArrayList<>() : known;
          letters.forEach(letter -> all.add(letter.record().place().offset()));
          return all;
        });
  }

  /** The offsets of a source, which are forgotten then. */
  List<Long> take(String source) {
    List<Long> found = offsets.remove(source);
    return found == null ? List.of() : found;
  }
}
