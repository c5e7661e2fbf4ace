package io.waybill.road;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes as that of the machine, until somebody sets it. Thread-safe. */
final class SetClock extends Clock {
  private volatile Duration ahead = Duration.ZERO;

  SetClock(String now) {
    set(now);
  }

  /** It goes on from here. */
  void set(String now) {
    ahead = Duration.between(Instant.now(), Instant.parse(now));
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("instants only");
  }
}
