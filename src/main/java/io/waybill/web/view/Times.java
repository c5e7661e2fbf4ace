package io.waybill.web.view;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Instants as the API writes them. */
final class Times {
  private Times() {}

  static String of(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).toString();
  }

  /** Null if there is none. */
  static String of(Optional<Instant> instant) {
    return instant.map(Times::of).orElse(null);
  }
}
