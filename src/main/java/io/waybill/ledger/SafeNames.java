package io.waybill.ledger;

import java.nio.charset.StandardCharsets;

/** Names of flows and batches as names of files. Different names stay different. */
final class SafeNames {
  private static final int MOST_CHARS = 120;
  private static final String PLAIN =
      "-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private SafeNames() {}

  /** Letters, digits, dash, underscore and inner dots as they are, other bytes as %HH. */
  static String of(String name) {
    StringBuilder safe = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      // a leading dot would hide the file, or climb up
      if (PLAIN.indexOf(c) >= 0 || (c == '.' && safe.length() > 0)) {
        safe.append(c);
      } else {
        safe.append("%%%02X".formatted((int) c));
      }
    }
    if (safe.length() == 0) {
      return "%";
    }
    return safe.length() <= MOST_CHARS
        ? safe.toString()
        : safe.substring(0, MOST_CHARS) + "%-" + Digests.of(name);
  }
}
