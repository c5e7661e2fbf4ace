package io.waybill.camel.changes;

import io.debezium.snapshot.mode.InitialSnapshotter;

/**
 * An initial snapshot after one that broke off: the changes since that one began follow it, so that
 * what was deleted meanwhile is deleted. Debezium finds it by its name.
 */
public final class ResumedSnapshotter extends InitialSnapshotter {
  static final String NAME = "waybill-resumed";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean shouldStreamEventsStartingFromSnapshot() {
    return false;
  }
}
