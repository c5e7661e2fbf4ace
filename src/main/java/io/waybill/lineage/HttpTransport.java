package io.waybill.lineage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Posts events to an endpoint of OpenLineage, such as Marquez' {@code /api/v1/lineage}. */
final class HttpTransport implements LineageTransport {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int OK_FROM = 200;
  private static final int OK_TO = 299;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final URI url;
  private final String apiKey;

  /**
   * To this endpoint.
   *
   * @param apiKey bearer token; empty for none
   */
  HttpTransport(String url, String apiKey) {
    this.url = URI.create(url);
    this.apiKey = apiKey;
  }

  @Override
  public void send(String event) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(event));
    if (!apiKey.isEmpty()) {
      request.header("Authorization", "Bearer " + apiKey);
    }
    int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status >= OK_FROM && status <= OK_TO) {
      return;
    }
    boolean passing = status >= 500 || status == 408 || status == 429 || status == 401;
    String answer = "the answer was HTTP " + status;
    throw passing ? new IOException(answer) : new RefusedException(answer);
  }

  @Override
  public void close() {
    // the client's threads end with it
  }
}
