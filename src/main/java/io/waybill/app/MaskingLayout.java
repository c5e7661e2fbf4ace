package io.waybill.app;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.waybill.secret.Redaction;

/** Log lines without the secrets that this process knows, whoever wrote them. */
final class MaskingLayout extends PatternLayout {

  @Override
  public String doLayout(ILoggingEvent event) {
    return Redaction.mask(super.doLayout(event));
  }
}
