package io.waybill.app;

import io.waybill.clickhouse.Preflight;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The preflight of each connection, kept because it remembers how many servers stand behind the
 * address. Thread-safe.
 */
final class Preflights implements Function<String, Preflight> {
  private final Map<String, Preflight> made = new ConcurrentHashMap<>();
  private final Access access;
  private final WaybillConfig config;

  Preflights(Access access, WaybillConfig config) {
    this.access = access;
    this.config = config;
  }

  @Override
  public Preflight apply(String connection) {
    return made.computeIfAbsent(
        connection,
        name -> new Preflight(access.connections().named(name), config.limits().horizon()));
  }
}
