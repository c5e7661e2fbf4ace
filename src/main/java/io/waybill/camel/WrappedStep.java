package io.waybill.camel;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.processor.DelegateSyncProcessor;

/** A step of a route with something around it: {@link #process(Exchange)}, whoever calls it. */
public abstract class WrappedStep extends DelegateSyncProcessor {
  protected WrappedStep(Processor step) {
    super(step);
  }

  /** The one that routes call; the delegate's would go past {@link #process(Exchange)}. */
  @Override
  public final boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    callback.done(true);
    return true;
  }
}
