package io.waybill.clickhouse;

import com.clickhouse.client.api.query.QueryResponse;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A result as it arrives; closing it, read to the end or not, frees the connection. Not
 * thread-safe.
 */
final class ResultStream extends InputStream {
  private static final Logger LOG = LoggerFactory.getLogger(ResultStream.class);
  private final QueryResponse response;
  private final InputStream in;
  private final Runnable stopQuery;
  private boolean ended;
  private boolean closed;

  /**
   * Wraps an answer.
   *
   * @param stopQuery makes the server stop sending; called in another thread. The client reads what
   *     is left before it gives the connection back, which would be all of a large result.
   */
  ResultStream(QueryResponse response, Runnable stopQuery) {
    this.response = response;
    this.in = response.getInputStream();
    this.stopQuery = stopQuery;
  }

  @Override
  public int read() throws IOException {
    int one = in.read();
    ended |= one < 0;
    return one;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = in.read(bytes, offset, length);
    ended |= count < 0;
    return count;
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (ended) {
      closeEnded();
    } else {
      cutOff();
    }
  }

  private void closeEnded() throws IOException {
    try {
      response.close();
    } catch (Exception e) {
      throw new IOException("the answer of ClickHouse could not be closed", e);
    }
  }

  /**
   * Asks to stop and reads on meanwhile: the server answers the wish only when its formatting
   * threads are through, and those may wait for somebody to read.
   */
  private void cutOff() {
    Thread stopping = new Thread(stopQuery, "waybill-stop-query");
    stopping.setDaemon(true);
    stopping.start();
    try {
      response.close();
    } catch (Exception e) {
      LOG.debug("An answer ended early, as it was asked to: {}", e.toString());
    }
    try {
      stopping.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
