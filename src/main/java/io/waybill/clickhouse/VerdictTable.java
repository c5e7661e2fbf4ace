package io.waybill.clickhouse;

import io.waybill.delivery.Verdict;
import java.util.HashMap;
import java.util.Map;

/**
 * ClickHouse's error codes and what each means by itself. {@link Verdicts} looks at the text too.
 * The numbers are those of ClickHouse's {@code src/Common/ErrorCodes.cpp}.
 */
final class VerdictTable {
  private static final int[] ISOLATE = {
    6, 25, 26, 27, 33, 38, 41, 69, 70, 72, 117, 130, 131, 349, 376, 407, 441, 467, 469, 563, 632,
    675, 676, 691
  };
  private static final int[] HOLD = {
    8, 10, 16, 36, 46, 47, 48, 50, 60, 62, 73, 81, 115, 158, 161, 164, 192, 193, 194, 195, 201, 218,
    229, 291, 307, 344, 392, 395, 396, 452, 471, 472, 497, 511, 512, 516, 565, 620, 692, 712, 720,
    741, 764, 767, 774
  };
  private static final int[] RETRY = {
    202, 203, 254, 265, 279, 285, 297, 364, 373, 439, 473, 519, 574, 700, 733, 745, 749, 762, 776,
    778, 904
  };
  private static final int[] WAIT = {216};
  private static final int[] SETTLED = {389};
  private static final Map<Integer, Verdict> BY_CODE = byCode();

  private VerdictTable() {}

  /** UNKNOWN for every code that is not listed. */
  static Verdict of(int code) {
    return BY_CODE.getOrDefault(code, Verdict.UNKNOWN);
  }

  private static Map<Integer, Verdict> byCode() {
    Map<Integer, Verdict> map = new HashMap<>();
    put(map, ISOLATE, Verdict.ISOLATE);
    put(map, HOLD, Verdict.HOLD);
    put(map, RETRY, Verdict.RETRY);
    put(map, WAIT, Verdict.WAIT);
    put(map, SETTLED, Verdict.SETTLED);
    return map;
  }

  private static void put(Map<Integer, Verdict> map, int[] codes, Verdict verdict) {
    for (int code : codes) {
      if (map.put(code, verdict) != null) {
        throw new IllegalStateException("code " + code + " has two verdicts");
      }
    }
  }
}
