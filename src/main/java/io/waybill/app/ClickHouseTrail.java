package io.waybill.app;

import io.waybill.audit.ChainEntry;
import io.waybill.audit.TrailVerifier;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.QueryAnswer;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.QueryRequest;
import io.waybill.delivery.TableName;
import io.waybill.ledger.AuditTable;
import io.waybill.ledger.TrailRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The trail of a ledger as {@code waybill.audit} has it. */
final class ClickHouseTrail implements TrailSource {
  private static final int UNKNOWN_IDENTIFIER = 47;
  private static final String ORDER = " ORDER BY epoch, seq";

  /** As events are written: times in ISO 8601, numbers as numbers, and nothing changed by it. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "output_format_json_quote_64bit_integers", "0",
          "date_time_output_format", "iso",
          "readonly", "2");

  private final ClickHouseClient client;
  private final String ledger;

  /**
   * Of one ledger.
   *
   * @param ledger its id
   */
  ClickHouseTrail(ClickHouseClient client, String ledger) {
    this.client = client;
    this.ledger = ledger;
  }

  @Override
  public void marks(Consumer<ChainEntry> hears) {
    String kinds =
        TrailVerifier.MARKING.stream()
            .map(kind -> "'" + kind + "'")
            .collect(Collectors.joining(", "));
    lines(
        select("*") + " AND kind IN (" + kinds + ")" + ORDER,
        line -> ChainEntry.parse(line.text()).ifPresent(hears));
  }

  @Override
  public void all(Consumer<Line> hears) {
    lines(select("*") + ORDER, hears);
  }

  @Override
  public List<TrailRange> ranges(Instant from, Instant to) {
    String sql =
        select("toString(epoch), toString(min(seq)), toString(max(seq))")
            + " AND time >= %s AND time < %s GROUP BY epoch ORDER BY epoch"
                .formatted(time(from), time(to));
    return asked(() -> client.lines(sql)).stream()
        .map(line -> line.split("\t", -1))
        .map(
            fields ->
                new TrailRange(
                    Integer.parseInt(fields[0]),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2])))
        .toList();
  }

  private static String time(Instant instant) {
    return "fromUnixTimestamp64Micro(%d, 'UTC')"
        .formatted(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
  }

  @Override
  public void range(TrailRange range, Consumer<Line> hears) {
    lines(of(range) + ORDER, hears);
  }

  private String of(TrailRange range) {
    return select("*")
        + " AND epoch = %d AND seq BETWEEN %d AND %d"
            .formatted(range.epoch(), range.from(), range.to());
  }

  /** The event of the batch that was sent under a token; empty if nobody knows. */
  Optional<ChainEntry> ofToken(String token) {
    if (!token.matches("[0-9a-f]{64}") || ledger.isEmpty()) {
      return Optional.empty(); // it is none of ours
    }
    List<ChainEntry> found = new ArrayList<>();
    try {
      lines(
          select("*") + " AND kind = 'batch' AND token = '" + token + "' ORDER BY seq LIMIT 1",
          line -> ChainEntry.parse(line.text()).ifPresent(found::add));
    } catch (ConfigurationException e) {
      return Optional.empty(); // there is no such table on that server
    }
    return found.stream().findFirst();
  }

  /** Writes ranges in a format of ClickHouse. */
  void write(List<TrailRange> ranges, String format, OutputStream out) throws IOException {
    String sql = ranges.stream().map(this::of).collect(Collectors.joining(" UNION ALL "));
    QueryRequest request =
        new QueryRequest(
            "SELECT * FROM (" + sql + ")" + ORDER, format, Map.of("readonly", "2"), "", "", "");
    try (QueryAnswer answer = asked(() -> client.stream(request))) {
      answer.body().transferTo(out);
    }
  }

  /** The id is of our own making, so it may stand in SQL. */
  private String select(String what) {
    String columns =
        what.equals("*")
            ? AuditTable.columns().stream().map(TableName::quote).collect(Collectors.joining(", "))
            : what;
    return "SELECT %s FROM %s WHERE ledger = '%s'"
        .formatted(columns, AuditTable.NAME.quoted(), ledger);
  }

  private void lines(String sql, Consumer<Line> hears) {
    QueryRequest request = new QueryRequest(sql, "JSONEachRow", SETTINGS, "", "", "");
    try (QueryAnswer answer = asked(() -> client.stream(request));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      long number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        hears.accept(new Line("row %d of waybill.audit".formatted(number), line));
      }
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of("waybill.audit could not be read to its end: " + e.getMessage()));
    }
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (QueryFailedException e) {
      throw new ConfigurationException(
          List.of(
              "waybill.audit cannot be read: " + e.getMessage(),
              e.code() == UNKNOWN_IDENTIFIER
                  ? "an older Waybill made it; ./waybill run gives it the columns that it lacks"
                  : "start ClickHouse, or grant SELECT on waybill.*"));
    }
  }
}
