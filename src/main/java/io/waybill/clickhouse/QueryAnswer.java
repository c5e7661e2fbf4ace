package io.waybill.clickhouse;

import com.clickhouse.client.api.query.QueryResponse;
import java.io.IOException;
import java.io.InputStream;

/** An answer as it comes; closing it frees the connection. Used by one thread. */
public final class QueryAnswer implements AutoCloseable {
  private final QueryResponse response;

  QueryAnswer(QueryResponse response) {
    this.response = response;
  }

  /** The bytes, in the format that was asked for. */
  public InputStream body() {
    return response.getInputStream();
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
      response.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
