package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.waybill.lineage.OpenLineageSchemas;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of real runs to a real endpoint; and that no run cares whether it is there. */
final class LineageIT {
  private static final String FLOW = "told";
  @TempDir Path folder;
  private final List<JsonNode> events = Collections.synchronizedList(new ArrayList<>());
  private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
  private HttpServer server;
  private RoadHome home;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/lineage", this::take);
    server.start();
    home = RoadHome.in(folder);
    home.table(FLOW, "id UInt64, text String").flow(FLOW, "batchRows=2&inFlight=1");
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\nx,c\n4,d\n5,e\n");
    home.set("waybill.lineage.transport", "http")
        .set("waybill.lineage.api-key", "opensesame")
        .set(
            "waybill.lineage.url",
            "http://127.0.0.1:%d/api/v1/lineage".formatted(server.getAddress().getPort()));
  }

  private void take(HttpExchange exchange) throws IOException {
    events.add(new ObjectMapper().readTree(exchange.getRequestBody()));
    keys.add(exchange.getRequestHeaders().getFirst("Authorization"));
    exchange.sendResponseHeaders(201, -1);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void anEndpointHearsOfARunByTheSchema() throws IOException {
    assertThat(home.once().holds()).isEmpty();

    OpenLineageSchemas schemas = new OpenLineageSchemas();
    assertThat(events).hasSize(2);
    events.forEach(schemas::check);
    assertThat(keys).containsOnly("Bearer opensesame");
    JsonNode end = events.get(1);
    assertThat(end.at("/eventType").asText()).isEqualTo("COMPLETE");
    assertThat(end.at("/outputs/0/name").asText()).isEqualTo(home.database() + "." + FLOW);
    assertThat(end.at("/outputs/0/namespace").asText()).startsWith("clickhouse://127.0.0.1:");
    assertThat(end.at("/outputs/0/facets/schema/fields/0/type").asText()).isEqualTo("UInt64");
    assertThat(end.at("/outputs/0/outputFacets/outputStatistics/rowCount").asLong()).isEqualTo(4);
    assertThat(end.at("/inputs/0/name").asText()).endsWith("in/" + FLOW + "/a.csv");
    assertThat(end.at("/run/facets/waybill_run/deadRows").asLong()).isEqualTo(1);
    List<String> queries = new ArrayList<>();
    end.at("/run/facets/waybill_run/batches")
        .forEach(each -> queries.add(each.get("queryId").asText()));
    assertThat(queries)
        .containsExactlyInAnyOrderElementsOf(
            home.batches().stream().map(each -> each.id()).toList());
    assertThat(end.toString()).doesNotContain("opensesame");
  }

  @Test
  void aRunDoesNotCareWhetherAnybodyListens() throws IOException {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    home.set("waybill.lineage.url", "http://127.0.0.1:%d/api/v1/lineage".formatted(nobody));
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "2", "4", "5");
    assertThat(home.states(FLOW)).containsExactly("completed_with_dead_letters");
  }
}
