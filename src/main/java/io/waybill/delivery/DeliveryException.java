package io.waybill.delivery;

/** A batch did not arrive. Which subclass says what follows. */
public abstract sealed class DeliveryException extends RuntimeException
    permits RetryDeliveryException, RefusedBatchException, HeldDeliveryException {
  private static final long serialVersionUID = 1L;
  private final transient Failure failure;

  DeliveryException(Failure failure, Throwable cause) {
    super(failure.summary(), cause);
    this.failure = failure;
  }

  /** Why, in words that may be logged. */
  public Failure failure() {
    return failure;
  }
}
