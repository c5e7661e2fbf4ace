package io.waybill.clickhouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;

/** Keeps a server's facts for a minute, so that an upgrade is noticed. Thread-safe. */
final class FactsCache {
  private static final Duration MAX_AGE = Duration.ofMinutes(1);
  private final ClickHouseClient client;
  private ServerFacts last; // guarded by this

  FactsCache(ClickHouseClient client) {
    this.client = client;
  }

  synchronized ServerFacts get() {
    boolean young = last != null && last.askedAt().plus(MAX_AGE).isAfter(Instant.now());
    return young ? last : fresh();
  }

  synchronized ServerFacts fresh() {
    Instant askedAt = Instant.now();
    JsonNode row =
        client
            .queryRows(
                QueryRequest.of(
                    "SELECT version() AS version, hostName() AS host, timezone() AS zone,"
                        + " toUInt32(uptime()) AS uptime"))
            .get(0);
    last =
        new ServerFacts(
            row.get("version").asText(),
            row.get("host").asText(),
            row.get("zone").asText(),
            row.get("uptime").asLong(),
            askedAt,
            settings());
    return last;
  }

  private Set<String> settings() {
    return client.queryText("SELECT name FROM system.settings").lines().collect(Collectors.toSet());
  }
}
