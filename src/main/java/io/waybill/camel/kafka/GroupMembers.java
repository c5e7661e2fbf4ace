package io.waybill.camel.kafka;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The ids by which brokers know the consumers of this process. Thread-safe. */
final class GroupMembers {
  private final Map<Object, String> ids = new ConcurrentHashMap<>();

  void put(Object consumer, String id) {
    ids.put(consumer, id);
  }

  void remove(Object consumer) {
    ids.remove(consumer);
  }

  boolean isOwn(String id) {
    return ids.containsValue(id);
  }
}
