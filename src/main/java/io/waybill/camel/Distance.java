package io.waybill.camel;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody may have meant who misspelt a word. */
public final class Distance {
  private static final int FEW = 3;
  private static final int LETTERS_FOR_ONE = 4;

  private Distance() {}

  /** The word of these that differs by the fewest letters, if by few. */
  public static Optional<String> nearest(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(each -> between(word, each)))
        .filter(each -> between(word, each) <= Math.max(FEW, word.length() / LETTERS_FOR_ONE));
  }

  /** How many letters two words differ by (Levenshtein). */
  private static int between(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
