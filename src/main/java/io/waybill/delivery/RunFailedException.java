package io.waybill.delivery;

/**
 * A run cannot go on because of its source: it changed, or is not what its format says. Its settled
 * batches stay settled, the rest is untouched, the source is not acknowledged.
 */
public final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String remedy;
  private final boolean repeated;

  public RunFailedException(String reason, String remedy) {
    this(reason, remedy, false);
  }

  /**
   * A failed run.
   *
   * @param reason what happened, with place
   * @param remedy what a person can do
   * @param repeated whether it was said before and nothing has changed since
   */
  public RunFailedException(String reason, String remedy, boolean repeated) {
    super(reason);
    this.remedy = remedy;
    this.repeated = repeated;
  }

  /** What a person can do. */
  public String remedy() {
    return remedy;
  }

  /** Whether it was said before and nothing has changed since. */
  public boolean isRepeated() {
    return repeated;
  }
}
