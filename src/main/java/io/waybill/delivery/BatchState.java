package io.waybill.delivery;

import java.util.Locale;

/** States of a batch. */
public enum BatchState {
  /** Durable; may or may not be in ClickHouse. */
  PLANNED,
  /** In ClickHouse, proven by a receipt. Never sent again. */
  COMMITTED,
  /** Replaced by a child without the bad records. Never sent again. */
  SPLIT,
  /** Refused and kept as dead letters. Never sent again. */
  DEAD;

  /** The name as it is stored and shown, in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of this label. */
  public static BatchState of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
