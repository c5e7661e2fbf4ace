package io.waybill.clickhouse;

import com.clickhouse.client.api.query.QueryResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * A result as it arrives; closing it, read to the end or not, frees the connection. Not
 * thread-safe.
 */
final class ResultStream extends InputStream {
  private final QueryResponse response;
  private final InputStream in;
  private final Runnable stopQuery;
  private boolean ended;
  private boolean closed;

  /**
   * Wraps an answer.
   *
   * @param stopQuery makes the server stop sending. The client reads what is left before it gives
   *     the connection back, which would be all of a large result.
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
    if (!ended) {
      stopQuery.run();
    }
    try {
      response.close();
    } catch (Exception e) {
      if (ended) {
        throw new IOException("the answer of ClickHouse could not be closed", e);
      }
      // it was cut off on purpose
    }
  }
}
