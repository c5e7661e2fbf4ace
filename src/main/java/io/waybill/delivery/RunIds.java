package io.waybill.delivery;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Run ids: sortable by time, short enough to type, unlike one another: 20261123-054159-k3f9qx. */
public final class RunIds {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int RANDOM_DIGITS = 6;
  private final SecureRandom random = new SecureRandom();
  private final Clock clock;

  public RunIds(Clock clock) {
    this.clock = clock;
  }

  /** Another id. */
  public String next() {
    StringBuilder id = new StringBuilder(TIME.format(clock.instant())).append('-');
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      id.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return id.toString();
  }

  /** Batch ids sort as the batches of a run do; they serve as query ids. */
  static String batch(String run, long sequence) {
    return "%s-%05d".formatted(run, sequence);
  }
}
