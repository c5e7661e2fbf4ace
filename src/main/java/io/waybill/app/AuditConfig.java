package io.waybill.app;

import io.waybill.audit.AuditKind;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * What becomes of the trail: who signs it, and how long events are kept in the ledger.
 *
 * @param sign by which key
 * @param signEvery how long what happened may stay unsigned
 * @param vaultKey mount and name of the key in Vault's transit engine
 * @param keep how long events are kept
 * @param keepKinds how long those of some kinds are kept instead, by label
 */
public record AuditConfig(
    Sign sign,
    Duration signEvery,
    String vaultKey,
    Duration keep,
    Map<String, Duration> keepKinds) {

  /** Keys that can sign. */
  public enum Sign {
    LOCAL,
    VAULT_TRANSIT,
    OFF
  }

  static AuditConfig of(SettingParser parser) {
    return new AuditConfig(
        sign(parser.oneOf(Setting.AUDIT_SIGN, "local", "vault-transit", "off")),
        parser.parse(Setting.AUDIT_SIGN_EVERY, AuditConfig::pause, Duration.ofMinutes(1)),
        parser.parse(Setting.AUDIT_VAULT_KEY, AuditConfig::key, ""),
        parser.duration(Setting.AUDIT_KEEP),
        parser.parse(Setting.AUDIT_KEEP_KINDS, AuditConfig::kinds, Map.of()));
  }

  private static Sign sign(String text) {
    return switch (text) {
      case "vault-transit" -> Sign.VAULT_TRANSIT;
      case "off" -> Sign.OFF;
      default -> Sign.LOCAL;
    };
  }

  private static Duration pause(String text) {
    Duration pause = Durations.parse(text);
    if (pause.isZero()) {
      throw new IllegalArgumentException("write a duration like 1m; off is a value of sign");
    }
    return pause;
  }

  private static String key(String text) {
    if (!text.matches("[\\w./-]+/[\\w.-]+")) {
      throw new IllegalArgumentException("write mount and name, like transit/waybill-audit");
    }
    return text;
  }

  private static Map<String, Duration> kinds(String text) {
    Map<String, Duration> kinds = new TreeMap<>();
    for (String each : text.split(",", -1)) {
      if (each.isBlank()) {
        continue;
      }
      int equals = each.indexOf('=');
      String kind = equals < 0 ? each.strip() : each.substring(0, equals).strip();
      if (equals < 0 || AuditKind.of(kind).isEmpty()) {
        throw new IllegalArgumentException(
            "write batch=90d, run=180d; kinds are " + AuditKind.labels());
      }
      kinds.put(kind, Durations.parse(each.substring(equals + 1)));
    }
    return Map.copyOf(kinds);
  }
}
