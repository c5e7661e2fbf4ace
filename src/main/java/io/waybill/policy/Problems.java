package io.waybill.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is found wrong while the file is read. */
final class Problems {
  private final List<PolicyProblem> all = new ArrayList<>();

  void add(int line, String text) {
    all.add(new PolicyProblem(line, text));
  }

  void add(PolicyProblem problem) {
    all.add(problem);
  }

  /** Throws {@link PolicyException} if there are any. */
  void throwIfAny() {
    if (!all.isEmpty()) {
      all.sort(Comparator.comparingInt(PolicyProblem::line));
      throw new PolicyException(all);
    }
  }
}
