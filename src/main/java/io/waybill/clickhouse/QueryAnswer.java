package io.waybill.clickhouse;

import com.clickhouse.client.api.query.QueryResponse;
import java.io.IOException;
import java.io.InputStream;

/**
 * An answer as it comes; closing it frees the connection, and stops the query if the answer was not
 * read to its end. Used by one thread.
 */
public final class QueryAnswer implements AutoCloseable {
  private final QueryResponse response;
  private final ResultStream body;
  private final Runnable done;

  QueryAnswer(QueryResponse response, Runnable stopQuery, Runnable done) {
    this.response = response;
    this.done = done;
    this.body = new ResultStream(response, stopQuery);
  }

  /** The bytes, in the format that was asked for; the same stream each time. */
  public InputStream body() {
    return body;
  }

  /** Query id. */
  public String queryId() {
    return response.getQueryId();
  }

  /** Rows that were read, as far as known when the answer began. */
  public long readRows() {
    return response.getReadRows();
  }

  @Override
  public void close() throws IOException {
    try {
      body.close();
    } finally {
      done.run();
    }
  }
}
