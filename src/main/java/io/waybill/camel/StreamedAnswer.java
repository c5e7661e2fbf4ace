package io.waybill.camel;

import io.waybill.clickhouse.QueryAnswer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.StreamCachingStrategy;

/**
 * A query's answer as the body of a message, read from the server by whoever reads it. Camel's
 * stream caching, which is on by default, would collect all of it in memory before the next step;
 * so a class of its own, to be left out there. Not thread-safe.
 */
final class StreamedAnswer extends FilterInputStream {
  private final QueryAnswer answer;

  StreamedAnswer(QueryAnswer answer) {
    super(answer.body());
    this.answer = answer;
  }

  @Override
  public void close() throws IOException {
    answer.close();
  }

  /** Leaves these bodies out of stream caching, beside what is left out already. */
  static void leaveUncached(CamelContext context) {
    StreamCachingStrategy caching = context.getStreamCachingStrategy();
    synchronized (StreamedAnswer.class) {
      List<Class<?>> denied =
          new ArrayList<>(Optional.ofNullable(caching.getDenyClasses()).orElse(List.of()));
      if (!denied.contains(StreamedAnswer.class)) {
        denied.add(StreamedAnswer.class);
        caching.setDenyClasses(denied.toArray(Class<?>[]::new));
      }
    }
  }
}
