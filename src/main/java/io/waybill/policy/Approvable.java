package io.waybill.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Orders for which an environment may ask a second person. */
public enum Approvable {
  /** Dead letters are to be sent again, as they are or mended. */
  REPLAY,
  /** A flow is to be started for each date of a range. */
  BACKFILL,
  /** A run is to go on, or to deliver everything once more. */
  RERUN,
  /** Dead letters are to be given up. */
  DISCARD,
  /** A run is to be taken for something else than it is. */
  MARK;

  /** As it stands in policy.yaml. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of this word. */
  public static Optional<Approvable> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }
}
