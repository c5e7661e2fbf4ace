package io.waybill.app;

import io.waybill.camel.Distance;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads {@code waybill.*} settings, and remembers where each was given and what is wrong. */
final class SettingsFile {
  private static final String PREFIX = "waybill.";
  private final String name;
  private final List<String> problems = new ArrayList<>();
  private final Map<Setting, String> values = new EnumMap<>(Setting.class);
  private final Map<Setting, String> places = new EnumMap<>(Setting.class);
  private final ConnectionConfigs connections;
  private final FlowConfigs flows;

  SettingsFile(String name) {
    this.name = name;
    this.connections = new ConnectionConfigs(name, problems);
    this.flows = new FlowConfigs(name, problems);
    for (Setting setting : Setting.values()) {
      values.put(setting, setting.defaultValue());
    }
  }

  /** Reads the file, if it is there. */
  void read(Path file) {
    properties(file).forEach(this::take);
  }

  private void take(String key, String value) {
    if (connections.take(key, value) || flows.take(key, value) || !key.startsWith(PREFIX)) {
      return;
    }
    String place = name + ": " + key;
    Setting.of(key)
        .ifPresentOrElse(
            setting -> put(setting, value, place), () -> problems.add(unknown(place, key)));
  }

  private void put(Setting setting, String value, String place) {
    values.put(setting, value);
    places.put(setting, place);
  }

  /** Reads the environment, which wins over what was read before. */
  void read(Map<String, String> environment) {
    for (Setting setting : Setting.values()) {
      String value = environment.get(setting.environment());
      if (value != null) {
        put(setting, value.strip(), "environment: " + setting.environment());
      }
    }
    connections.take(environment);
  }

  private Map<String, String> properties(Path file) {
    Map<String, String> found = new TreeMap<>();
    if (!Files.exists(file)) {
      return found;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      problems.add("cannot read " + file + ": " + e.getMessage());
    }
    properties.stringPropertyNames().forEach(k -> found.put(k, properties.getProperty(k).strip()));
    return found;
  }

  private static String unknown(String place, String key) {
    List<String> known = Arrays.stream(Setting.values()).map(Setting::key).toList();
    return place
        + ": unknown key; "
        + Distance.nearest(key, known)
            .map(nearest -> "the nearest known one is " + nearest)
            .orElse("docs/operations.md lists the known ones");
  }

  Map<Setting, String> values() {
    return values;
  }

  SettingParser parser() {
    return new SettingParser(values, places, problems);
  }

  ConnectionConfigs connections() {
    return connections;
  }

  FlowConfigs flows() {
    return flows;
  }

  /** All that is wrong, as it is found. */
  List<String> problems() {
    return problems;
  }
}
