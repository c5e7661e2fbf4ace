package io.waybill.app;

import io.waybill.schedule.CatchUp;
import io.waybill.schedule.Concurrency;
import io.waybill.schedule.Cron;
import io.waybill.schedule.FlowPlan;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Gathers {@code waybill.flows.NAME.KEY}. */
final class FlowConfigs {
  /** What can be said of each flow. */
  static final List<String> KEYS =
      List.of("schedule", "zone", "jitter", "catch-up", "concurrency", "timeout", "deadline");

  private static final Pattern KEY = Pattern.compile("waybill\\.flows\\.(.+)\\.([^.]+)");
  private final String file;
  private final List<String> problems;
  private final NamedKeys given;

  FlowConfigs(String file, List<String> problems) {
    this.file = file;
    this.problems = problems;
    this.given = new NamedKeys("a flow", KEY, KEYS, file, problems);
  }

  /** Whether this key is one of a flow. */
  boolean take(String key, String value) {
    return given.take(key, value);
  }

  /** By flow. */
  Map<String, FlowPlan> plans() {
    Map<String, FlowPlan> plans = new TreeMap<>();
    given.forEach((flow, values) -> plans.put(flow, new Parser(flow, values).plan()));
    return plans;
  }

  /** Reads what is said of one flow. */
  private final class Parser {
    private final String flow;
    private final Map<String, String> values;

    Parser(String flow, Map<String, String> values) {
      this.flow = flow;
      this.values = values;
    }

    FlowPlan plan() {
      return new FlowPlan(
          cron(),
          duration("jitter"),
          oneOf("catch-up", CatchUp.class, CatchUp.NONE),
          oneOf("concurrency", Concurrency.class, Concurrency.SKIP),
          duration("timeout"),
          duration("deadline"));
    }

    private Optional<Cron> cron() {
      String schedule = values.getOrDefault("schedule", "");
      ZoneId zone = zone();
      if (schedule.isEmpty()) {
        if (values.keySet().stream().anyMatch(List.of("zone", "jitter", "catch-up")::contains)) {
          problem("zone, jitter and catch-up go with schedule");
        }
        return Optional.empty();
      }
      try {
        return Optional.of(Cron.parse(schedule, zone));
      } catch (IllegalArgumentException e) {
        problem("schedule: '" + schedule + "' does not fit: " + e.getMessage());
        return Optional.empty();
      }
    }

    private ZoneId zone() {
      try {
        return ZoneId.of(values.getOrDefault("zone", "UTC"));
      } catch (DateTimeException e) {
        problem("zone: '" + values.get("zone") + "' is no time zone; write Europe/Berlin or UTC");
        return ZoneId.of("UTC");
      }
    }

    private Duration duration(String key) {
      try {
        return Durations.parse(values.getOrDefault(key, "0s"));
      } catch (IllegalArgumentException e) {
        problem(key + ": '" + values.get(key) + "' does not fit: " + e.getMessage());
        return Duration.ZERO;
      }
    }

    private <E extends Enum<E>> E oneOf(String key, Class<E> type, E otherwise) {
      String value = values.getOrDefault(key, "");
      if (value.isEmpty()) {
        return otherwise;
      }
      return Arrays.stream(type.getEnumConstants())
          .filter(each -> label(each).equals(value))
          .findFirst()
          .orElseGet(
              () -> {
                problem(
                    key
                        + ": must be one of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(this::label)
                            .collect(Collectors.joining(", ")));
                return otherwise;
              });
    }

    private String label(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }

    private void problem(String what) {
      problems.add("%s: waybill.flows.%s.%s".formatted(file, flow, what));
    }
  }
}
