package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.app.Application;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many flows with many runs in one process: 200 with 10,000 by waybill.test.runs=50. */
final class ManyFlowsIT {
  private static final int FLOWS = 200;
  private static final int RUNS = Integer.getInteger("waybill.test.runs", 2);
  private static final Duration PATIENCE = Duration.ofSeconds(60L + RUNS * 30L);
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir Path folder;

  @Test
  void eachDeliversItsOwnAndTheListingsKnowAllOfThem() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    RoadHome home =
        RoadHome.in(folder)
            .table("rows", "flow String, run UInt32")
            .set("waybill.management.port", Integer.toString(port));
    for (int flow = 0; flow < FLOWS; flow++) {
      String name = "flow-%03d".formatted(flow);
      home.route(
          name,
          """
          - route:
              id: %1$s
              from:
                uri: file:in/%1$s?delay=1000&maxMessagesPerPoll=10
                steps:
                  - to: %2$s
          """
              .formatted(name, home.target("rows", "")));
      for (int run = 0; run < RUNS; run++) {
        home.drop(name, run + ".csv", "flow,run\n%s,%d\n".formatted(name, run));
      }
    }
    try (Application application = home.start(false)) {
      assertThat(application.problems()).isEmpty();
      long all = (long) FLOWS * RUNS;
      Awaitility.await("all rows")
          .atMost(PATIENCE)
          .until(() -> home.rows("rows", "count()").get(0).equals(Long.toString(all)));
      Awaitility.await("the last end")
          .atMost(PATIENCE)
          .until(() -> application.auditPending() == 0);
      assertThat(application.holds()).isEmpty();
      assertThat(get(port, "flows").get("flows")).hasSize(FLOWS);
      JsonNode runs = get(port, "runs?flow=flow-199&state=completed&limit=100").get("runs");
      assertThat(runs).hasSize(RUNS);
    }
    assertThat(home.rows("rows", "uniqExact(flow), uniqExact(flow, run), count()"))
        .containsExactly("%d\t%2$d\t%2$d".formatted(FLOWS, FLOWS * RUNS));
  }

  private static JsonNode get(int port, String path) throws Exception {
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/api/v1/%s".formatted(port, path)))
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }
}
