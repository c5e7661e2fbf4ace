package io.waybill.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.waybill.camel.FlowHolds;
import java.util.Set;

/**
 * Keeps from the console what only the log file is for: the audit's JSON lines, other people's; and
 * what a person who watches is told by the command itself.
 */
final class ConsoleFilter extends Filter<ILoggingEvent> {
  private static final Set<String> TOLD =
      Set.of(
          RunLog.class.getName(),
          FlowHolds.class.getName(),
          Application.class.getName(),
          "waybill.alert");
  private final boolean watched;

  ConsoleFilter(boolean watched) {
    this.watched = watched;
  }

  @Override
  public FilterReply decide(ILoggingEvent event) {
    String logger = event.getLoggerName();
    if (watched && TOLD.contains(logger)) {
      return FilterReply.DENY;
    }
    boolean ours = logger.startsWith("io.waybill") || logger.equals("waybill.dead-letter");
    boolean others =
        !logger.equals("waybill.audit") && event.getLevel().isGreaterOrEqual(Level.WARN);
    return ours || others ? FilterReply.NEUTRAL : FilterReply.DENY;
  }
}
