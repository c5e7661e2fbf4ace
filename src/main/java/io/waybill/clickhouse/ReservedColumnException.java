package io.waybill.clickhouse;

/** The source has a column of the name that Waybill keeps for the batch of each row. */
public final class ReservedColumnException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ReservedColumnException() {
    super(
        "the source has a column "
            + Tables.PROVENANCE
            + ", the name of the column that notes the batch of each row");
  }
}
