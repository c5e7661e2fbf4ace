package io.waybill.camel;

import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.Waybill;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the users' hook for dead letters. The records are stored and settled already, so that a
 * route that is missing, throws or hangs on to the exchange changes nothing. Thread-safe.
 */
final class DeadLetterRoute {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterRoute.class);
  private final Producer producer;
  private final String uri;

  DeadLetterRoute(CamelContext context, String uri) throws Exception {
    this.uri = uri;
    this.producer = context.getEndpoint(uri).createAsyncProducer();
    this.producer.start();
  }

  void tell(Waybill waybill, List<DeadLetter> letters) {
    String file = letters.get(0).file();
    Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
    Message message = exchange.getMessage();
    DeliverRoute.fill(message, waybill.plan(), "");
    message.setHeader(WaybillHeaders.ROWS, waybill.deadRows());
    message.setHeader(WaybillHeaders.ATTEMPT, waybill.attempts());
    message.setHeader(WaybillHeaders.OUTCOME, waybill.state().label());
    message.setHeader(WaybillHeaders.ERROR_CODE, waybill.errorCode());
    message.setHeader(WaybillHeaders.ELAPSED_MILLIS, waybill.elapsed().toMillis());
    message.setHeader(WaybillHeaders.DEAD_LETTER_FILE, file);
    message.setBody(waybill.reason());
    try {
      producer.process(exchange);
    } catch (Exception e) {
      exchange.setException(e);
    }
    if (exchange.getException() != null) {
      LOG.warn(
          "{} failed for batch {} ({}); its records are kept in {} all the same",
          uri,
          waybill.plan().id(),
          exchange.getException().getClass().getName(),
          file);
    }
  }
}
