package io.waybill.policy;

import java.util.Locale;

/** What somebody wants to do; all but the last two are about a table. */
public enum Action {
  /** See rows of a table: query it, show its dead letters. */
  READ,
  /** Bring rows into a table. */
  WRITE,
  /** Start, stop, rerun, replay, pause flows whose target the table is. */
  OPERATE,
  /** Read the audit trail. */
  AUDIT,
  /** Approve orders, use kill switches, adopt a ledger. */
  ADMINISTER;

  /** As it stands in policy.yaml. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is decided by the environment of a table. */
  public boolean isAboutTables() {
    return switch (this) {
      case READ, WRITE, OPERATE -> true;
      case AUDIT, ADMINISTER -> false;
    };
  }
}
