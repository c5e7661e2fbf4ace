package io.waybill.secret;

import java.util.Objects;

/**
 * A value that is not to be seen: it prints as {@code ***}, and is masked wherever a log line or an
 * error would show it all the same. Immutable.
 */
public final class Secret {
  private static final Secret NONE = new Secret("");
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** A secret of this value; empty is no secret. */
  public static Secret of(String value) {
    Objects.requireNonNull(value);
    if (value.isEmpty()) {
      return NONE;
    }
    Redaction.hide(value);
    return new Secret(value);
  }

  /** None at all, as the password of a user who needs none. */
  public static Secret none() {
    return NONE;
  }

  /** The value itself, for the one who has to present it. */
  public String reveal() {
    return value;
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && value.equals(secret.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
