package io.waybill.web;

/** A request cannot be answered. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Problem problem;

  ProblemException(Problem.Kind kind, String detail, String remedy) {
    super(detail);
    this.problem = Problem.of(kind, detail, remedy);
  }

  Problem problem() {
    return problem;
  }
}
