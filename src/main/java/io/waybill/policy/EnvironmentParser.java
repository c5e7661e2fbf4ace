package io.waybill.policy;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads an environment. */
final class EnvironmentParser {
  private static final Duration EXPIRY = Duration.ofHours(4);
  private static final String TABLES = "tables";
  private static final String KILL_SWITCH = "kill-switch";
  private static final String APPROVALS = "approvals";
  private static final String APPROVAL_EXPIRY = "approval-expiry";
  private static final String FORBIDDEN = "forbidden-statements";
  private final Problems problems;

  EnvironmentParser(Problems problems) {
    this.problems = problems;
  }

  Environment parse(String name, Section section) {
    section.knows(
        TABLES,
        KILL_SWITCH,
        BoundsParser.HOURS,
        BoundsParser.ROWS,
        BoundsParser.BYTES,
        APPROVALS,
        APPROVAL_EXPIRY,
        FORBIDDEN);
    List<Lined<TablePattern>> tables = section.list(TABLES, TablePattern::parse);
    if (!section.has(TABLES)) {
      problems.add(
          section.line(), "environments.%s: needs tables: [\"database.table\"]".formatted(name));
    }
    return new Environment(
        name,
        section.line(),
        tables,
        section.flag(KILL_SWITCH),
        BoundsParser.parse(section),
        words(section, APPROVALS, Approvable.class, Approvable::of),
        section
            .value(APPROVAL_EXPIRY, EnvironmentParser::duration)
            .map(Lined::value)
            .orElse(EXPIRY),
        section.has(FORBIDDEN)
            ? words(section, FORBIDDEN, Statement.class, Statement::of)
            : everyStatement(section.line()));
  }

  private static Map<Statement, Integer> everyStatement(int line) {
    Map<Statement, Integer> all = new EnumMap<>(Statement.class);
    for (Statement each : Statement.values()) {
      all.put(each, line);
    }
    return all;
  }

  private static <E extends Enum<E>> Map<E, Integer> words(
      Section section, String key, Class<E> type, Function<String, Optional<E>> find) {
    List<String> known =
        Arrays.stream(type.getEnumConstants())
            .map(each -> each.name().toLowerCase(java.util.Locale.ROOT))
            .toList();
    Map<E, Integer> lines = new EnumMap<>(type);
    section
        .list(
            key,
            text ->
                find.apply(text)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "'%s' is none of %s%s"
                                    .formatted(
                                        text,
                                        String.join(", ", known),
                                        Nearest.hint(text, known)))))
        .forEach(each -> lines.put(each.value(), each.line()));
    return lines;
  }

  private static Duration duration(String text) {
    try {
      Duration duration = Duration.parse("PT" + text);
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("'" + text + "' is no time to wait");
      }
      return duration;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no duration; write it as in 30m, 4h or 1h30m", e);
    }
  }
}
