package io.waybill.control;

/** Who somebody is was not proved. The message holds nothing of what he showed. */
public final class UnauthenticatedException extends Exception {
  private static final long serialVersionUID = 1;
  private final String remedy;
  private final boolean away;

  private UnauthenticatedException(String message, String remedy, boolean away) {
    super(message);
    this.remedy = remedy;
    this.away = away;
  }

  /** What was shown is no proof. */
  public static UnauthenticatedException refused(String message, String remedy) {
    return new UnauthenticatedException(message, remedy, false);
  }

  /** Whether it is one cannot be told now. */
  public static UnauthenticatedException away(String message, String remedy) {
    return new UnauthenticatedException(message, remedy, true);
  }

  /** What to do. */
  public String remedy() {
    return remedy;
  }

  /** Whether the same may be taken later, since somebody who must be asked is away. */
  public boolean isAway() {
    return away;
  }
}
