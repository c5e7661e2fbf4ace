package io.waybill.camel.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why a request is refused, as RFC 9457 has it; never with a value of a record.
 *
 * @param status HTTP status
 * @param code the reason's name, for programs
 * @param detail what happened and what to do
 * @param retryAfter seconds after which it may be tried again; 0 when that would not help
 * @param facts further members
 */
record Problem(int status, String code, String detail, int retryAfter, Map<String, Object> facts) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<Integer, String> TITLES =
      Map.of(
          400, "Bad Request",
          408, "Request Timeout",
          413, "Content Too Large",
          415, "Unsupported Media Type",
          422, "Unprocessable Content",
          429, "Too Many Requests",
          500, "Internal Server Error",
          503, "Service Unavailable");

  static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail, 0, Map.of());
  }

  /** One that passes. */
  static Problem later(int status, String code, String detail, int retryAfter) {
    return new Problem(status, code, detail, retryAfter, Map.of());
  }

  String title() {
    return TITLES.getOrDefault(status, "Error");
  }

  byte[] json() {
    ObjectNode json =
        JSON.createObjectNode()
            .put("type", "about:blank")
            .put("title", title())
            .put("status", status)
            .put("detail", detail)
            .put("code", code);
    new TreeMap<>(facts).forEach(json::putPOJO);
    return json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
