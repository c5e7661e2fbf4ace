package io.waybill.ledger;

import java.util.Arrays;
import java.util.Locale;

/** What started a flow. */
public enum TriggerKind {
  /** Its schedule. */
  SCHEDULE,
  /** A person. */
  MANUAL,
  /** The flows that it waits for. */
  UPSTREAM,
  /** A person, for one of a range of dates. */
  BACKFILL;

  /** As it is written. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static TriggerKind of(String label) {
    return Arrays.stream(values())
        .filter(each -> each.label().equals(label))
        .findFirst()
        .orElseThrow();
  }
}
