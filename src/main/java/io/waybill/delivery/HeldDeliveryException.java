package io.waybill.delivery;

/** Good data waits for a person or the server (verdict hold): the source is not acknowledged. */
public final class HeldDeliveryException extends DeliveryException {
  private static final long serialVersionUID = 1L;

  public HeldDeliveryException(Failure failure, Throwable cause) {
    super(failure, cause);
  }

  public HeldDeliveryException(Failure failure) {
    super(failure, null);
  }
}
