package io.waybill.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.RoutingContext;
import io.waybill.control.Caller;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.About;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a client asks, checked against what the endpoint declares. */
final class Request {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Map<String, String> path;
  private final Map<String, String> query;
  private final byte[] body;
  private final Caller caller;

  private Request(Map<String, String> path, Map<String, String> query, byte[] body, Caller caller) {
    this.caller = caller;
    this.path = path;
    this.query = query;
    this.body = body;
  }

  /**
   * Reads it; on the event loop.
   *
   * @throws ProblemException if it has a parameter that nobody knows
   */
  static Request of(RoutingContext context, Endpoint endpoint) {
    Map<String, String> query =
        context.queryParams().entries().stream()
            .filter(each -> !each.getValue().isEmpty())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b));
    for (String name : query.keySet()) {
      if (!endpoint.queryNames().contains(name)) {
        throw new ProblemException(
            Kind.BAD_REQUEST,
            "there is no such parameter at " + endpoint.path(),
            endpoint.queryNames().isEmpty()
                ? "it has none"
                : "it has " + String.join(", ", endpoint.queryNames()));
      }
    }
    byte[] body =
        context.body() == null || context.body().buffer() == null
            ? new byte[0]
            : context.body().buffer().getBytes();
    return new Request(context.pathParams(), query, body, Guard.caller(context));
  }

  /** Who asks. */
  Caller caller() {
    return caller;
  }

  String path(String name) {
    return path.get(name);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(query.get(name));
  }

  boolean flag(String name) {
    return text(name).map(Boolean::parseBoolean).orElse(false);
  }

  int number(String name, int otherwise, int most) {
    String text = query.get(name);
    if (text == null) {
      return otherwise;
    }
    int value = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    if (value < 1 || value > most) {
      throw bad(name + " is no number from 1 to " + most);
    }
    return value;
  }

  Optional<Instant> time(String name) {
    try {
      return text(name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw bad(name + " is no time like 2026-01-31T12:00:00Z");
    }
  }

  /** The body as this record; nothing that it needs is null. */
  <T> T body(Class<T> type) {
    try {
      T value = MAPPER.readValue(body.length == 0 ? new byte[] {'{', '}'} : body, type);
      if (value == null) {
        throw bad("the body is null");
      }
      for (RecordComponent part : type.getRecordComponents()) {
        boolean maybe = part.getAnnotation(About.class).maybe();
        if (!maybe && part.getAccessor().invoke(value) == null) {
          throw bad("the body has no " + part.getName());
        }
      }
      return value;
    } catch (JsonMappingException e) {
      String where =
          e.getPath().stream()
              .map(each -> each.getFieldName() == null ? "[]" : each.getFieldName())
              .collect(Collectors.joining("."));
      throw bad("the body does not fit" + (where.isEmpty() ? "" : " at " + where));
    } catch (JsonProcessingException e) {
      throw bad("the body is no JSON");
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static ProblemException bad(String what) {
    return new ProblemException(
        Kind.BAD_REQUEST, what, "see /api/v1/openapi.json for what can be given");
  }
}
