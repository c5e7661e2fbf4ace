package io.waybill.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** Keeps from the console what only the log file is for: the audit's JSON lines, other people's. */
final class ConsoleFilter extends Filter<ILoggingEvent> {
  @Override
  public FilterReply decide(ILoggingEvent event) {
    String logger = event.getLoggerName();
    boolean ours = logger.startsWith("io.waybill") || logger.equals("waybill.dead-letter");
    boolean others =
        !logger.equals("waybill.audit") && event.getLevel().isGreaterOrEqual(Level.WARN);
    return ours || others ? FilterReply.NEUTRAL : FilterReply.DENY;
  }
}
