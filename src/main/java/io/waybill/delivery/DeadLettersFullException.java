package io.waybill.delivery;

import java.io.IOException;

/** Dead letters take all the room that they may: someone has to mend or discard some. */
public final class DeadLettersFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public DeadLettersFullException(String message) {
    super(message);
  }
}
