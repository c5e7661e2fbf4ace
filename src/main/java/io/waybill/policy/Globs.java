package io.waybill.policy;

/** What two names in which a {@code *} stands for any part have in common. */
final class Globs {
  private static final String ANY = "*";

  private Globs() {}

  /** Whether some name is meant by both. */
  static boolean overlap(String a, String b) {
    if (a.isEmpty() && b.isEmpty()) {
      return true;
    }
    if (a.startsWith(ANY)) {
      return overlap(a.substring(1), b) || (!b.isEmpty() && overlap(a, b.substring(1)));
    }
    if (b.startsWith(ANY)) {
      return overlap(b, a);
    }
    return !a.isEmpty()
        && !b.isEmpty()
        && a.charAt(0) == b.charAt(0)
        && overlap(a.substring(1), b.substring(1));
  }

  /** Whether every name that the second means is meant by the first; may say no too often. */
  static boolean covers(String wide, String narrow) {
    if (wide.equals(narrow) || wide.equals(ANY)) {
      return true;
    }
    boolean prefix = wide.endsWith(ANY) && wide.indexOf('*') == wide.length() - 1;
    return prefix && narrow.startsWith(wide.substring(0, wide.length() - 1));
  }

  /** Whether ClickHouse's grants can say it: a name, or the beginning of one. */
  static boolean isBeginning(String name) {
    int star = name.indexOf('*');
    return star < 0 || star == name.length() - 1;
  }
}
