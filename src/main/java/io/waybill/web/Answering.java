package io.waybill.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writes answers, with an ETag where they can be asked for again. */
final class Answering {
  static final String JSON = "application/json";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int TAG_BYTES = 12;

  private Answering() {}

  static byte[] json(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer is not to be written as JSON", e);
    }
  }

  static void problem(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response();
    if (response.headWritten()) {
      response.reset();
      return;
    }
    if (problem.status() == Problem.Kind.UNAUTHENTICATED.status()) {
      boolean shown = context.request().getHeader(HttpHeaders.AUTHORIZATION) != null;
      response.putHeader(
          "WWW-Authenticate",
          "Bearer realm=\"waybill\"" + (shown ? ", error=\"invalid_token\"" : ""));
    }
    send(context, problem.status(), Problem.CONTENT_TYPE, json(problem));
  }

  static void problem(RoutingContext context, Problem.Kind kind, String detail, String remedy) {
    problem(context, Problem.of(kind, detail, remedy));
  }

  /** A problem whose client is not heard any further. */
  static void lastProblem(RoutingContext context, Problem.Kind kind, String detail, String remedy) {
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    context.addEndHandler(
        ended -> {
          var unused = context.request().connection().close();
        });
    problem(context, kind, detail, remedy);
  }

  static void send(RoutingContext context, int status, String type, byte[] body) {
    var unused =
        context
            .response()
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, type)
            .end(Buffer.buffer(body));
  }

  /** Answers that nothing changed if the client has it already. */
  static void tagged(RoutingContext context, String type, byte[] body) {
    String tag = '"' + digest(body) + '"';
    context.response().putHeader(HttpHeaders.ETAG, tag);
    String known = context.request().getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && known.contains(tag)) {
      var unused = context.response().setStatusCode(304).end();
    } else {
      send(context, 200, type, body);
    }
  }

  private static String digest(byte[] body) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
      return HexFormat.of().formatHex(hash, 0, TAG_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
