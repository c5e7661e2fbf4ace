package io.waybill.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Asks any ClickHouse over HTTP, without Waybill's own client, so that what a test reads back is
 * beyond doubt.
 */
public final class ClickHouseHttp {
  private static final int TIMEOUT_MILLIS = 60_000;

  private ClickHouseHttp() {}

  /** What the server answered, with the end of the last line taken off. */
  public record Answer(int status, String body) {}

  /**
   * Runs a query.
   *
   * @return TSV text without the last line's end
   * @throws IllegalStateException with ClickHouse's message if it refuses
   */
  public static String query(String url, String user, String password, String sql) {
    Answer answer = post(url, user, password, sql);
    if (answer.status() != HttpURLConnection.HTTP_OK) {
      throw new IllegalStateException(answer.body());
    }
    return answer.body();
  }

  /** The answer as it is, whatever its status. */
  public static Answer post(String url, String user, String password, String sql) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url + "/?wait_end_of_query=1").toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setDoOutput(true);
      // the server's stop waits for idle connections
      connection.setRequestProperty("Connection", "close");
      connection.setRequestProperty("X-ClickHouse-User", user);
      connection.setRequestProperty("X-ClickHouse-Key", password);
      connection.getOutputStream().write(sql.getBytes(StandardCharsets.UTF_8));
      return answer(connection);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (InputStream body =
        status == HttpURLConnection.HTTP_OK
            ? connection.getInputStream()
            : connection.getErrorStream()) {
      String text = body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(status, text.replaceFirst("\\R$", ""));
    }
  }
}
