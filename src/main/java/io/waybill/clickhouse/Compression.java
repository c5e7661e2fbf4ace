package io.waybill.clickhouse;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Whether bodies are packed on their way to and from ClickHouse. */
public enum Compression {
  /** None for a loopback address, LZ4 for all others. */
  AUTO,
  /** As they are. */
  NONE,
  /** LZ4, ClickHouse's own framing. */
  LZ4;

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /** Whether bodies to this address are packed. */
  boolean packs(String url) {
    return this == LZ4 || (this == AUTO && !isLoopback(url));
  }

  private static boolean isLoopback(String url) {
    String host = URI.create(url).getHost();
    return host != null && LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
  }
}
