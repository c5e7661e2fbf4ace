package io.waybill.camel;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The {@code settings.NAME=value} options of an endpoint. */
final class ServerSettings {
  /** They are no settings, but would go the same way, and say who asks for what. */
  private static final Set<String> REQUEST =
      Set.of(
          "user",
          "password",
          "role",
          "quota_key",
          "database",
          "query",
          "query_id",
          "session_id",
          "session_check",
          "session_timeout");

  private ServerSettings() {}

  static SortedMap<String, String> of(Map<String, Object> extracted) {
    SortedMap<String, String> settings = new TreeMap<>();
    extracted.forEach(
        (name, value) -> {
          if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException(
                "settings." + name + " is no name of a ClickHouse setting");
          }
          if (REQUEST.contains(name)) {
            throw new IllegalArgumentException(
                "settings."
                    + name
                    + " is no ClickHouse setting; what the endpoint has an option for is said by"
                    + " that");
          }
          settings.put(name, String.valueOf(value));
        });
    return settings;
  }
}
