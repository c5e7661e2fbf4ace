package io.waybill.testing.fault;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Passes bytes on in small pieces with pauses between. */
final class SlowOutput extends FilterOutputStream {
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();
  private final int piece;

  /**
   * A slow way to there.
   *
   * @param piece bytes between two pauses
   */
  SlowOutput(OutputStream out, int piece) {
    super(out);
    this.piece = piece;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; done += piece) {
      out.write(bytes, offset + done, Math.min(piece, length - done));
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
