package io.waybill.delivery;

/** Waybill is stopping: what was planned stays planned, the source is not acknowledged. */
public final class DeliveryStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DeliveryStoppedException(Throwable cause) {
    super("Waybill is stopping", cause);
  }
}
