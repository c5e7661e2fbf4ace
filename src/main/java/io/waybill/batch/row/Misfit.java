package io.waybill.batch.row;

/** A value that a column's type does not take. Carries no value and, being common, no trace. */
final class Misfit extends Exception {
  private static final long serialVersionUID = 1L;

  Misfit() {
    super(null, null, false, false);
  }
}
