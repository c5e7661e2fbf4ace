package io.waybill.policy;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/** What somebody may have meant who misspelt a word. */
final class Nearest {
  private static final int FEW = 3;

  private Nearest() {}

  /** A question for the end of a message; empty if no known word is near. */
  static String hint(String word, Collection<String> known) {
    return of(word, known).map(nearest -> "; did you mean " + nearest + "?").orElse("");
  }

  private static Optional<String> of(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(each -> between(word, each)))
        .filter(each -> between(word, each) <= FEW);
  }

  /** How many letters differ (Levenshtein), one row of the table at a time. */
  private static int between(String a, String b) {
    int[] above = IntStream.rangeClosed(0, b.length()).toArray();
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
