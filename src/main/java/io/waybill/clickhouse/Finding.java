package io.waybill.clickhouse;

/**
 * What preflight found.
 *
 * @param severity what follows
 * @param code ClickHouse error code, or 0
 * @param name short name, upper case
 * @param reason what was found
 * @param remedy what a person can do, SQL where there is some; may be empty
 */
public record Finding(Severity severity, int code, String name, String reason, String remedy) {

  /** What follows from a finding. */
  public enum Severity {
    OK,
    WARN,
    HOLD
  }

  /** The same, of no consequence, since less is promised. */
  Finding asWarning() {
    return new Finding(Severity.WARN, code, name, reason, "");
  }

  /** Something that is as it should be. */
  public static Finding ok(String name, String reason) {
    return new Finding(Severity.OK, 0, name, reason, "");
  }

  static Finding hold(String name, String reason, String remedy) {
    return new Finding(Severity.HOLD, 0, name, reason, remedy);
  }

  static Finding warn(String name, String reason, String remedy) {
    return new Finding(Severity.WARN, 0, name, reason, remedy);
  }

  static Finding hold(QueryFailedException e, String remedy) {
    return new Finding(Severity.HOLD, e.code(), e.name(), e.getMessage(), remedy);
  }
}
