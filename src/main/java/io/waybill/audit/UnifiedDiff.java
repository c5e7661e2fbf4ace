package io.waybill.audit;

import java.util.List;

/**
 * The difference of two texts as one hunk of a unified diff: what both begin and end with is left
 * out but for two lines. What is long is cut off, since both texts are known by their digests.
 */
public final class UnifiedDiff {
  private static final int CONTEXT = 2;
  private static final int MOST_LINES = 200;
  private static final int MOST_CHARS = 8_000;

  private UnifiedDiff() {}

  /** The difference; empty if there is none. */
  public static String of(String before, String after) {
    List<String> old = before.lines().toList();
    List<String> now = after.lines().toList();
    int same = 0;
    while (same < Math.min(old.size(), now.size()) && old.get(same).equals(now.get(same))) {
      same++;
    }
    int tail = 0;
    while (tail < Math.min(old.size(), now.size()) - same
        && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
      tail++;
    }
    if (same == old.size() && same == now.size()) {
      return "";
    }
    int begin = Math.max(0, same - CONTEXT);
    int below = Math.min(tail, CONTEXT);
    int oldEnd = old.size() - tail;
    int nowEnd = now.size() - tail;
    StringBuilder diff = new StringBuilder();
    diff.append(
        "@@ -%s +%s @@\n".formatted(range(begin, oldEnd + below), range(begin, nowEnd + below)));
    add(diff, " ", old.subList(begin, same));
    add(diff, "-", old.subList(same, oldEnd));
    add(diff, "+", now.subList(same, nowEnd));
    add(diff, " ", old.subList(oldEnd, oldEnd + below));
    return cut(diff.toString());
  }

  private static String range(int from, int to) {
    return to == from ? from + ",0" : (from + 1) + "," + (to - from);
  }

  private static void add(StringBuilder diff, String sign, List<String> lines) {
    lines.forEach(line -> diff.append(sign).append(line).append('\n'));
  }

  private static String cut(String diff) {
    List<String> lines = diff.lines().toList();
    String shown =
        lines.size() > MOST_LINES
            ? String.join("\n", lines.subList(0, MOST_LINES))
                + "\n… %d more lines\n".formatted(lines.size() - MOST_LINES)
            : diff;
    return shown.length() > MOST_CHARS ? shown.substring(0, MOST_CHARS) + "…\n" : shown;
  }
}
