package io.waybill.delivery;

/** ClickHouse refused the content and applied nothing (verdict isolate). */
public final class RefusedBatchException extends DeliveryException {
  private static final long serialVersionUID = 1L;

  public RefusedBatchException(Failure failure, Throwable cause) {
    super(failure, cause);
  }
}
