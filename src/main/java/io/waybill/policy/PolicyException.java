package io.waybill.policy;

import java.util.List;
import java.util.stream.Collectors;

/** The policy is wrong; all problems together, by line. */
public final class PolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient List<PolicyProblem> problems;

  public PolicyException(List<PolicyProblem> problems) {
    super(problems.stream().map(PolicyProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<PolicyProblem> problems() {
    return problems;
  }
}
