package io.waybill.delivery;

/**
 * What to do about a batch that may or may not have arrived, when its token alone cannot be relied
 * on: the server died meanwhile, or nobody knows. Plain MergeTree writes the token down before the
 * part, so that after a crash in between the same token is dropped in silence; then only counting
 * tells. Pure.
 *
 * <p>The same token is tried before another one: as long as it is remembered it keeps an earlier
 * attempt that is still on its way from being added, and it completes a batch of which only some
 * partitions arrived.
 */
public final class Doubt {
  private Doubt() {}

  /** What follows from the evidence. */
  public enum Next {
    /** All rows are there: settled. */
    COMMIT,
    /** Send again under the same token. */
    RESEND,
    /** Send again under a new token: the old one is remembered, but nothing came with it. */
    RENEW,
    /** Some rows are there and others are not. */
    PARTIAL,
    /** More rows are there than the batch has. */
    TOO_MANY,
    /** Nothing can be counted. */
    UNVERIFIABLE
  }

  /**
   * Before the batch is sent again.
   *
   * @param remembered whether the table surely remembers the batch's token, if it ever knew it
   */
  public static Next beforeSending(Evidence evidence, boolean remembered) {
    if (!(evidence instanceof Evidence.Counted counted)) {
      return Next.UNVERIFIABLE;
    }
    if (counted.found() == 0) {
      return Next.RESEND;
    }
    if (counted.found() < counted.expected()) {
      return remembered ? Next.RESEND : Next.PARTIAL;
    }
    return counted.found() == counted.expected() ? Next.COMMIT : Next.TOO_MANY;
  }

  /** After it was sent again under the same token and ClickHouse answered with success. */
  public static Next afterSending(Evidence evidence) {
    if (!(evidence instanceof Evidence.Counted counted)) {
      return Next.UNVERIFIABLE;
    }
    if (counted.found() == 0) {
      return Next.RENEW;
    }
    if (counted.found() < counted.expected()) {
      return Next.PARTIAL;
    }
    return counted.found() == counted.expected() ? Next.COMMIT : Next.TOO_MANY;
  }
}
