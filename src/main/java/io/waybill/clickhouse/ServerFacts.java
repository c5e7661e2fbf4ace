package io.waybill.clickhouse;

import java.time.Instant;
import java.util.Set;

/**
 * What Waybill has to know of a server.
 *
 * @param version for instance {@code 26.7.2.1}
 * @param hostName as the server names itself
 * @param timezone the server's time zone
 * @param uptimeSeconds how long it ran when it was asked
 * @param askedAt when it was asked, by this machine's clock
 * @param settings names in {@code system.settings}
 */
public record ServerFacts(
    String version,
    String hostName,
    String timezone,
    long uptimeSeconds,
    Instant askedAt,
    Set<String> settings) {

  /** Copies the names. */
  public ServerFacts {
    settings = Set.copyOf(settings);
  }

  /** When the server was started, by this machine's clock. */
  public Instant startedAt() {
    return askedAt.minusSeconds(uptimeSeconds);
  }

  /** Whether the server knows this setting; an unknown one would be error 115. */
  public boolean knows(String setting) {
    return settings.contains(setting);
  }

  /** Whether the version is this one or later. */
  public boolean isAtLeast(int year, int month) {
    String[] parts = version.split("\\.", -1);
    int major = Integer.parseInt(parts[0]);
    int minor = parts.length > 1 ? Integer.parseInt(parts[1].replaceAll("\\D.*", "")) : 0;
    return major > year || (major == year && minor >= month);
  }
}
