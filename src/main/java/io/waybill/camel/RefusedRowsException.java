package io.waybill.camel;

/**
 * Of a message whose sender waits until it is in ClickHouse, some rows were refused and are dead
 * letters; the others arrived.
 */
public final class RefusedRowsException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final long rows;
  private final long refused;
  private final String run;

  RefusedRowsException(long rows, long refused, String run) {
    super(
        "%d of %d rows were refused and are dead letters of run %s".formatted(refused, rows, run));
    this.rows = rows;
    this.refused = refused;
    this.run = run;
  }

  /** Rows of the message. */
  public long rows() {
    return rows;
  }

  /** How many of them were refused. */
  public long refused() {
    return refused;
  }

  /** The run that brought the others. */
  public String run() {
    return run;
  }
}
