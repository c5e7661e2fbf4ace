package io.waybill.delivery;

/** Send the same bytes with the same token again, later (verdicts retry, wait and unknown). */
public final class RetryDeliveryException extends DeliveryException {
  private static final long serialVersionUID = 1L;

  public RetryDeliveryException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
