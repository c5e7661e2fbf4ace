package io.waybill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * Asks any ClickHouse over HTTP, without Waybill's own client, so that what a test reads back is
 * beyond doubt.
 */
public final class ClickHouseHttp {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ClickHouseHttp() {}

  /**
   * Runs a query.
   *
   * @return TSV text without the last line's end
   * @throws IllegalStateException with ClickHouse's message if it refuses
   */
  public static String query(String url, String user, String password, String sql) {
    HttpResponse<String> response = post(url, user, password, sql);
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.body().strip());
    }
    return response.body().stripTrailing();
  }

  /** The answer as it is, whatever its status. */
  public static HttpResponse<String> post(String url, String user, String password, String sql) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/?wait_end_of_query=1"))
            .header("X-ClickHouse-User", user)
            .header("X-ClickHouse-Key", password)
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
