package io.waybill.app;

import io.waybill.camel.Account;
import io.waybill.clickhouse.Preflight;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The preflight of each account, kept because it remembers how many servers stand behind the
 * address. Thread-safe.
 */
final class Preflights implements Function<Account, Preflight> {
  private final Map<Account, Preflight> made = new ConcurrentHashMap<>();
  private final Access access;
  private final WaybillConfig config;

  Preflights(Access access, WaybillConfig config) {
    this.access = access;
    this.config = config;
  }

  @Override
  public Preflight apply(Account account) {
    return made.computeIfAbsent(
        account, known -> new Preflight(access.connections().of(known), config.limits().horizon()));
  }
}
