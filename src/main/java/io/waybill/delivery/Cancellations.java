package io.waybill.delivery;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs that somebody wants to stop for good. Thread-safe. */
public final class Cancellations {
  private final Map<String, String> reasons = new ConcurrentHashMap<>();

  /** Stops a run before its next batch. */
  public void cancel(String run, String reason) {
    reasons.put(run, reason);
  }

  /** Why a run is to stop, if it is. */
  Optional<String> of(String run) {
    return Optional.ofNullable(reasons.get(run));
  }

  /** Notes that a run has stopped. */
  void done(String run) {
    reasons.remove(run);
  }
}
