package io.waybill.web;

import io.waybill.web.Param.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The OpenAPI document, made of what routes the requests. */
final class OpenApi {
  private static final String PROBLEM = "a problem, as RFC 9457 has it";

  private OpenApi() {}

  static Map<String, Object> document(List<Endpoint> endpoints) {
    Schemas schemas = new Schemas();
    Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      paths
          .computeIfAbsent(endpoint.path(), path -> new LinkedHashMap<>())
          .put(endpoint.method().name().toLowerCase(Locale.ROOT), operation(endpoint, schemas));
    }
    paths.put("/events", Map.of("get", events()));
    schemas.of(Problem.class);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put(
        "info",
        Map.of(
            "title", "Waybill management API",
            "version", "1",
            "license", Map.of("name", "Apache-2.0", "identifier", "Apache-2.0")));
    document.put("servers", List.of(Map.of("url", Api.BASE)));
    document.put(
        "security", List.of(Map.of(), Map.of("token", List.of()), Map.of("session", List.of())));
    document.put("paths", paths);
    document.put(
        "components",
        Map.of(
            "schemas",
            schemas.all(),
            "securitySchemes",
            Map.of(
                "token",
                Map.of("type", "http", "scheme", "bearer"),
                "session",
                Map.of("type", "apiKey", "in", "cookie", "name", "waybill-session-PORT"))));
    return document;
  }

  private static Map<String, Object> operation(Endpoint endpoint, Schemas schemas) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", endpoint.id());
    operation.put("summary", endpoint.about());
    operation.put("description", endpoint.need().words());
    List<Object> params = new ArrayList<>();
    endpoint.params().forEach(param -> params.add(param(param)));
    operation.put("parameters", params);
    endpoint
        .body()
        .ifPresent(
            body ->
                operation.put(
                    "requestBody",
                    Map.of(
                        "required", true, "content", content(Answering.JSON, schemas.of(body)))));
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("200", response("the answer", Answering.JSON, schemas.of(endpoint.answer())));
    if (!endpoint.isOrder()) {
      responses.put("304", Map.of("description", "nothing changed since the ETag that was sent"));
    }
    responses.put("default", response(PROBLEM, Problem.CONTENT_TYPE, schemas.of(Problem.class)));
    operation.put("responses", responses);
    return operation;
  }

  private static Map<String, Object> events() {
    return Map.of(
        "operationId", "events",
        "summary", "Runs and holds as they change, as server-sent events: run, holds, refresh",
        "responses",
            Map.of(
                "200", response("events without end", "text/event-stream", Schemas.text()),
                "default", Map.of("description", PROBLEM)));
  }

  private static Map<String, Object> response(
      String description, String type, Map<String, Object> schema) {
    return Map.of("description", description, "content", content(type, schema));
  }

  private static Map<String, Object> content(String type, Map<String, Object> schema) {
    return Map.of(type, Map.of("schema", schema));
  }

  private static Map<String, Object> param(Param param) {
    return Map.of(
        "name", param.name(),
        "in", param.kind() == Kind.PATH ? "path" : "query",
        "required", param.kind() == Kind.PATH,
        "description", param.about(),
        "schema", schema(param.kind()));
  }

  private static Map<String, Object> schema(Kind kind) {
    return switch (kind) {
      case PATH, TEXT -> Schemas.text();
      case NUMBER -> Map.of("type", "integer", "minimum", 1);
      case FLAG -> Map.of("type", "boolean");
      case TIME -> Map.of("type", "string", "format", "date-time");
    };
  }
}
