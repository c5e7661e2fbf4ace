package io.waybill.delivery;

/**
 * A value of the column by which a table is extracted, in a form that can be kept.
 *
 * @param kind what it is; only keys of one kind are compared
 * @param text the value: digits, ISO-8601 (a point in time in UTC), or as it is
 */
public record Key(Kind kind, String text) {

  /** What a key may be. */
  public enum Kind {
    NUMBER,
    /** A point in time. */
    INSTANT,
    /** Date and time of a clock whose zone nobody tells. */
    LOCAL,
    DATE,
    TEXT,
    UUID
  }

  /** As it is kept; {@link #parse} reads it. */
  public String encoded() {
    return kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + text;
  }

  /**
   * Reads what {@link #encoded} wrote.
   *
   * @throws IllegalArgumentException if it did not
   */
  public static Key parse(String encoded) {
    int colon = encoded.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("no key: " + encoded);
    }
    Kind kind = Kind.valueOf(encoded.substring(0, colon).toUpperCase(java.util.Locale.ROOT));
    return new Key(kind, encoded.substring(colon + 1));
  }
}
