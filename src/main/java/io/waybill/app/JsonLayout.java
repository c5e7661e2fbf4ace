package io.waybill.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.secret.Redaction;
import java.util.TreeMap;

/**
 * Each log line as one JSON object: {@code time}, {@code level}, {@code logger}, {@code thread},
 * {@code message}, where they are known {@code flow}, {@code run}, {@code batch} and the like, and
 * {@code error} with a stack trace. Without the secrets that this process knows, whoever wrote
 * them: they are masked before anything is escaped.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public String doLayout(ILoggingEvent event) {
    ObjectNode line = JSON.createObjectNode();
    line.put("time", event.getInstant().toString());
    line.put("level", event.getLevel().toString());
    line.put("logger", event.getLoggerName());
    line.put("thread", event.getThreadName());
    line.put("message", Redaction.mask(event.getFormattedMessage()));
    new TreeMap<>(event.getMDCPropertyMap())
        .forEach((key, value) -> line.put(key, Redaction.mask(value)));
    if (event.getThrowableProxy() != null) {
      line.put("error", Redaction.mask(ThrowableProxyUtil.asString(event.getThrowableProxy())));
    }
    return line + "\n";
  }
}
