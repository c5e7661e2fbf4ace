package io.waybill.cli;

import io.waybill.ledger.DeadLetterSelection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that say which dead letters are meant. */
final class DeadLetterChoice {
  @Parameters(paramLabel = "ID", description = "These dead letters.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--flow", paramLabel = "FLOW", description = "Of this flow.")
  private String flow;

  @Option(
      names = "--run",
      paramLabel = "RUN",
      description = "Of this run; the beginning of its id.")
  private String run;

  @Option(
      names = "--error",
      paramLabel = "CODE|NAME",
      description = "Refused with this error of ClickHouse.")
  private String error;

  @Option(names = "--column", paramLabel = "COLUMN", description = "Refused for this column.")
  private String column;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Refused since then: 2026-01-31, 2026-01-31T12:00:00Z, or 2h, 7d ago.")
  private String since;

  /** As they were given; settled ones only where they are asked for. */
  DeadLetterSelection selection(boolean settled) {
    return new DeadLetterSelection(
        ids,
        Optional.ofNullable(flow),
        Optional.ofNullable(run),
        Optional.ofNullable(error),
        Optional.ofNullable(column),
        Optional.ofNullable(since).map(DeadLetterChoice::time),
        settled);
  }

  private static Instant time(String text) {
    try {
      if (text.matches("\\d+[smhd]")) {
        String iso =
            text.endsWith("d")
                ? "P" + text.toUpperCase(Locale.ROOT)
                : "PT" + text.toUpperCase(Locale.ROOT);
        return Instant.now().minus(Duration.parse(iso));
      }
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new UsageException(
          "--since: '%s' is no time such as 2026-01-31, 2026-01-31T12:00:00Z, 2h or 7d"
              .formatted(text));
    }
  }
}
