package io.waybill.clickhouse;

import com.clickhouse.client.api.query.QueryResponse;
import java.io.FilterInputStream;
import java.io.IOException;

/** A result as it arrives; closing it, read to the end or not, frees the connection. */
final class ResultStream extends FilterInputStream {
  private final QueryResponse response;

  ResultStream(QueryResponse response) {
    super(response.getInputStream());
    this.response = response;
  }

  @Override
  public void close() throws IOException {
    // the response first: closing the stream alone would read a half-read result to its end
    try {
      response.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
