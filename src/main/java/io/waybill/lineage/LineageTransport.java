package io.waybill.lineage;

import java.io.IOException;

/** Port: the way of events to whoever wants them. Used by one thread. */
interface LineageTransport extends AutoCloseable {

  /**
   * Sends an event.
   *
   * @param event JSON
   * @throws IOException if it did not arrive, and may if it is sent again
   * @throws RefusedException if it never will
   */
  void send(String event) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;

  /** The other side does not want this event; sending it again would not help. */
  final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }
}
