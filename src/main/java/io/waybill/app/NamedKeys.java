package io.waybill.app;

import io.waybill.camel.Distance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gathers the keys of things that have names, as {@code waybill.flows.NAME.KEY}. */
final class NamedKeys {
  private final String what;
  private final Pattern pattern;
  private final List<String> keys;
  private final String file;
  private final List<String> problems;
  private final Map<String, Map<String, String>> given = new TreeMap<>();

  /**
   * None yet.
   *
   * @param what one of them, for messages
   * @param pattern matches such keys; its groups are name and key
   * @param keys what can be said of each
   */
  NamedKeys(String what, Pattern pattern, List<String> keys, String file, List<String> problems) {
    this.what = what;
    this.pattern = pattern;
    this.keys = keys;
    this.file = file;
    this.problems = problems;
  }

  /** Whether this key is such a one. */
  boolean take(String key, String value) {
    Matcher matcher = pattern.matcher(key);
    if (!matcher.matches()) {
      return false;
    }
    String name = matcher.group(2);
    if (keys.contains(name)) {
      of(matcher.group(1)).put(name, value);
    } else {
      problems.add(
          "%s: %s: unknown key; %s has %s%s"
              .formatted(
                  file,
                  key,
                  what,
                  String.join(", ", keys),
                  Distance.nearest(name, keys)
                      .map(nearest -> "; did you mean " + nearest + "?")
                      .orElse("")));
    }
    return true;
  }

  /** What is said of one. */
  Map<String, String> of(String name) {
    return given.computeIfAbsent(name, unused -> new HashMap<>());
  }

  /** By name. */
  void forEach(BiConsumer<String, Map<String, String>> hears) {
    given.forEach(hears);
  }
}
