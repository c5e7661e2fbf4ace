package io.waybill.camel;

import java.time.Instant;
import java.util.SortedMap;
import org.apache.camel.Exchange;

/**
 * What a flow is told of the trigger that started it.
 *
 * @param trigger its id
 * @param due the time that it is for
 * @param parameters by name
 */
public record Occasion(String trigger, Instant due, SortedMap<String, String> parameters) {
  private static final String PROPERTY = "CamelWaybillTriggerId";

  /** Puts it on a message that enters the flow. */
  void putOn(Exchange exchange) {
    exchange.setProperty(PROPERTY, trigger);
    exchange.getMessage().setHeader(WaybillHeaders.TRIGGER, trigger);
    exchange.getMessage().setHeader(WaybillHeaders.DUE, due);
    parameters.forEach(
        (name, value) ->
            exchange.getMessage().setHeader(WaybillHeaders.PARAMETER + "_" + name, value));
  }

  /** Id of the trigger that an exchange belongs to; empty if it belongs to none. */
  static String triggerOf(Exchange exchange) {
    return exchange.getProperty(PROPERTY, "", String.class);
  }
}
