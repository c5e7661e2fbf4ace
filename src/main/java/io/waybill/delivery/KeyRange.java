package io.waybill.delivery;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What an extract of a table holds: the rows whose key is greater than {@code from} and not greater
 * than {@code to}. It is the id of its source, so whatever became of a spooled extract, its range
 * is known.
 *
 * @param column name of the key's column
 * @param from checkpoint that the extract began behind
 * @param to last key in it
 */
public record KeyRange(String column, Key from, Key to) {
  private static final String SCHEME = "keys/";
  private static final int PARTS = 4;

  /** The id of the source. */
  public String sourceId() {
    return SCHEME
        + String.join("/", escaped(column), escaped(from.encoded()), escaped(to.encoded()));
  }

  /** The range that a source holds; empty if it is no extract by key. */
  public static Optional<KeyRange> of(String sourceId) {
    String[] parts = sourceId.split("/", -1);
    if (!sourceId.startsWith(SCHEME) || parts.length != PARTS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new KeyRange(
              unescaped(parts[1]),
              Key.parse(unescaped(parts[2])),
              Key.parse(unescaped(parts[PARTS - 1]))));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a file that happens to be named so
    }
  }

  private static String escaped(String text) {
    // the colons of times and kinds stay, for people to read
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%3A", ":");
  }

  private static String unescaped(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
