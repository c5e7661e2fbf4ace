package io.waybill.camel;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** The ids of the messages that came last. Used by one thread. */
final class SeenMessages {
  private static final int MOST = 200_000;
  private final Set<MessageId> ids = new LinkedHashSet<>();

  /** Notes one; the oldest is forgotten for it if there are too many. */
  void add(MessageId id) {
    ids.add(id);
    if (ids.size() > MOST) {
      Iterator<MessageId> oldest = ids.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  void remove(MessageId id) {
    ids.remove(id);
  }

  boolean contains(MessageId id) {
    return ids.contains(id);
  }
}
