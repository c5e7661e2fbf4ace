package io.waybill.web;

import io.vertx.core.Future;
import io.waybill.policy.Identity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers of a moment ago, so that fifty dashboards that ask the same at once cost as much as one.
 * For the event loop only.
 */
final class Recent {
  private static final long AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int MOST = 200;
  private final Map<Question, Entry> entries = new LinkedHashMap<>();

  /** Different callers see different things. */
  private record Question(Identity who, String uri) {}

  private record Entry(Future<byte[]> answer, long asked) {}

  /** The answer to this, asked for now if it is not known or too old. */
  Future<byte[]> get(Identity who, String uri, Supplier<Future<byte[]>> ask) {
    Question question = new Question(who, uri);
    long now = System.nanoTime();
    Entry known = entries.get(question);
    if (known != null && now - known.asked() < AGE_NANOS && !known.answer().failed()) {
      return known.answer();
    }
    entries.values().removeIf(entry -> now - entry.asked() >= AGE_NANOS);
    Future<byte[]> answer = ask.get();
    if (entries.size() < MOST) {
      entries.put(question, new Entry(answer, now));
    }
    return answer;
  }

  /** Something was ordered: what was known may not hold any more. */
  void forget() {
    entries.clear();
  }
}
