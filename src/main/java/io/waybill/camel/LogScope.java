package io.waybill.camel;

import java.util.Map;
import org.slf4j.MDC;

/**
 * Marks what the current thread logs with a flow, and with the run and batch that it comes to work
 * for; {@link #close} takes the marks away again. Used by the thread that opened it.
 */
final class LogScope implements AutoCloseable {
  static final String FLOW = "flow";
  static final String RUN = "run";
  static final String BATCH = "batch";
  private static final ThreadLocal<Integer> OPEN = ThreadLocal.withInitial(() -> 0);
  private final Map<String, String> before;

  private LogScope() {
    this.before = MDC.getCopyOfContextMap();
    OPEN.set(OPEN.get() + 1);
  }

  static LogScope of(String flow) {
    LogScope scope = new LogScope();
    MDC.put(FLOW, flow);
    return scope;
  }

  static LogScope of(String flow, String run) {
    LogScope scope = of(flow);
    MDC.put(RUN, run);
    return scope;
  }

  static LogScope of(String flow, String run, String batch) {
    LogScope scope = of(flow, run);
    MDC.put(BATCH, batch);
    return scope;
  }

  /** Notes the run that the current thread works for, if somebody will take the mark away. */
  static void run(String run) {
    if (OPEN.get() > 0) {
      MDC.put(RUN, run);
    }
  }

  @Override
  public void close() {
    OPEN.set(OPEN.get() - 1);
    if (before == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(before);
    }
  }
}
