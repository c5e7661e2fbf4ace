package io.waybill.camel.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.waybill.camel.WaybillHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * What a request is answered: how its rows fared, unless the flow's steps behind {@code waybill:}
 * made a body of their own or set the status.
 *
 * @param problem why it failed; null if it did not
 * @param status HTTP status
 * @param type content type
 * @param body the answer
 */
record Reply(Problem problem, int status, String type, Buffer body) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> WAITING = Set.of("spooled", "held");

  static Reply of(Exchange exchange, byte[] request, HeaderFilterStrategy headers) {
    if (exchange.getException() != null) {
      return new Reply(Problems.of(exchange.getException()), 0, "", Buffer.buffer());
    }
    Message message = exchange.getMessage();
    Integer status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    boolean own = message.getBody() != request;
    if (own || status != null) {
      return theirs(message, own, status == null ? 200 : status);
    }
    String outcome = message.getHeader(WaybillHeaders.OUTCOME, "", String.class);
    String run = message.getHeader(WaybillHeaders.RUN, "", String.class);
    var json =
        JSON.createObjectNode()
            .put("outcome", outcome)
            .put("rows", message.getHeader(WaybillHeaders.ROWS, 0L, Long.class));
    if (!run.isEmpty()) {
      json.put("run", run);
    }
    int code = WAITING.contains(outcome) ? 202 : 200;
    return new Reply(null, code, "application/json", Buffer.buffer(json.toString()));
  }

  private static Reply theirs(Message message, boolean own, int status) {
    byte[] body = own ? message.getBody(byte[].class) : new byte[0];
    String type =
        message.getHeader(
            Exchange.CONTENT_TYPE, "text/plain; charset=" + StandardCharsets.UTF_8, String.class);
    return new Reply(null, status, type, body == null ? Buffer.buffer() : Buffer.buffer(body));
  }

  void send(RoutingContext context) {
    if (problem == null) {
      FlowRequest.answer(context, status, type, body);
    } else {
      FlowRequest.answer(context, problem);
    }
  }
}
