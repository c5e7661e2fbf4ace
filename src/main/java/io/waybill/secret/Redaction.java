package io.waybill.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes every secret that this process knows out of text. It is the last line: what prints should
 * not have had the secret. One for the process, since loggers are. Thread-safe.
 */
public final class Redaction {
  /** Shorter ones would garble every line and are no secrets. */
  private static final int SHORTEST = 4;

  private static final int MOST = 10_000;
  private static final String MASK = "***";
  private static final Set<String> KNOWN = Collections.synchronizedSet(new LinkedHashSet<>());
  private static volatile List<String> longestFirst = List.of();

  private Redaction() {}

  /** Masks this value from now on, also as a URL or JSON writes it. */
  public static void hide(String secret) {
    if (secret.length() < SHORTEST) {
      return;
    }
    synchronized (KNOWN) {
      boolean added = KNOWN.add(secret);
      added |= KNOWN.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
      added |= KNOWN.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
      if (!added) {
        return;
      }
      while (KNOWN.size() > MOST) { // the oldest are rotated away long since
        KNOWN.remove(KNOWN.iterator().next());
      }
      List<String> all = new ArrayList<>(KNOWN);
      all.sort(Comparator.comparingInt(String::length).reversed());
      longestFirst = List.copyOf(all);
    }
  }

  /** The text without secrets. */
  public static String mask(String text) {
    String masked = text;
    for (String secret : longestFirst) {
      if (masked.contains(secret)) {
        masked = masked.replace(secret, MASK);
      }
    }
    return masked;
  }
}
