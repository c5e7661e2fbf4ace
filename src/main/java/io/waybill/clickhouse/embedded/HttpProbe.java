package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;

/**
 * Asks whether a server answers to its user and password; with a random password that also proves
 * that it is the right server.
 */
final class HttpProbe {
  private HttpProbe() {}

  /**
   * True if the server runs a query within {@code timeout} for connecting and as much for
   * answering.
   */
  static boolean answers(String url, String user, String password, Duration timeout) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(url + "/?query=SELECT+1").toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(Math.toIntExact(timeout.toMillis()));
      connection.setReadTimeout(Math.toIntExact(timeout.toMillis()));
      // an idle connection would hold up the server's stop
      connection.setRequestProperty("Connection", "close");
      connection.setRequestProperty("X-ClickHouse-User", user);
      connection.setRequestProperty("X-ClickHouse-Key", password);
      try {
        boolean answered = connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        if (answered) {
          // an answer that nobody reads is an error in ClickHouse's log
          connection.getInputStream().readAllBytes();
        }
        return answered;
      } finally {
        connection.disconnect();
      }
    } catch (IOException refused) {
      return false;
    }
  }
}
