package io.waybill.clickhouse;

import com.clickhouse.client.api.DataStreamWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The body of one insert, sent once and whole or not at all. The HTTP client under client-v2 ends
 * what a failed writer has written as if it were the whole body, and ClickHouse would insert that
 * part under the token of the whole. It also repeats a request that was answered with 429 or 503,
 * when a stream has nothing more to give. In both cases the connection is broken first. Used by one
 * thread.
 */
final class OneBody implements DataStreamWriter {
  private final InsertRequest.Body body;
  private final Runnable breakConnection;
  private boolean begun;
  private InsertFailedException broken;

  /**
   * A body to send.
   *
   * @param breakConnection closes the connection that it is being written to
   */
  OneBody(InsertRequest.Body body, Runnable breakConnection) {
    this.body = body;
    this.breakConnection = breakConnection;
  }

  @Override
  public void onOutput(OutputStream out) throws IOException {
    if (begun) {
      broken = InsertFailedException.resent();
      breakConnection.run();
      throw new IOException("a body is sent once");
    }
    begun = true;
    Watched watched = new Watched(out);
    try {
      body.writeTo(watched);
    } catch (IOException | RuntimeException | Error e) {
      if (!watched.failed) {
        broken = InsertFailedException.cutBody(e);
        breakConnection.run();
      }
      throw e;
    }
  }

  /** Why the connection was broken from here, if it was. */
  Optional<InsertFailedException> broken() {
    return Optional.ofNullable(broken);
  }

  /** Knows whether it was the connection that failed. */
  private static final class Watched extends FilterOutputStream {
    private boolean failed;

    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      failed = true;
      out.write(bytes, offset, length);
      failed = false;
    }

    @Override
    public void flush() throws IOException {
      failed = true;
      out.flush();
      failed = false;
    }
  }
}
