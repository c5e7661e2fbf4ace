package io.waybill.camel;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The {@code settings.NAME=value} options of an endpoint. */
final class ServerSettings {
  private ServerSettings() {}

  static SortedMap<String, String> of(Map<String, Object> extracted) {
    SortedMap<String, String> settings = new TreeMap<>();
    extracted.forEach(
        (name, value) -> {
          if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException(
                "settings." + name + " is no name of a ClickHouse setting");
          }
          settings.put(name, String.valueOf(value));
        });
    return settings;
  }
}
