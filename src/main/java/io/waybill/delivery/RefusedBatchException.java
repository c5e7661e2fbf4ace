package io.waybill.delivery;

/** ClickHouse refused the content and applied nothing (verdict isolate). */
public final class RefusedBatchException extends DeliveryException {
  private static final long serialVersionUID = 1L;
  private final transient Refusal refusal;

  public RefusedBatchException(Refusal refusal) {
    super(refusal.failure(), null);
    this.refusal = refusal;
  }

  /** Why, and at which record. */
  public Refusal refusal() {
    return refusal;
  }
}
