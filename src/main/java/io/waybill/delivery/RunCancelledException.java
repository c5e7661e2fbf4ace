package io.waybill.delivery;

/** Somebody wants a run to stop for good. */
final class RunCancelledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunCancelledException(String reason) {
    super(reason);
  }

  String remedy(Run run) {
    return "./waybill rerun " + run.id() + " lets it go on";
  }
}
