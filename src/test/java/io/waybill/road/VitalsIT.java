package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.app.Application;
import io.waybill.app.Vitals;
import io.waybill.ledger.RouteFileRow;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Metrics tell what became of every row, and health tells what waits and why. */
@Timeout(180)
final class VitalsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static Vitals vitals(Application application) {
    return application.vitals().orElseThrow();
  }

  private static double meter(Application application, String series) {
    return vitals(application)
        .metrics()
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** As a probe or Prometheus asks. */
  private static HttpResponse<String> get(Application application, String path) {
    try {
      URI page = URI.create(application.managementUrl().orElseThrow() + path);
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static double rows(Application application, String what) {
    return meter(application, "waybill_rows_%s_total{flow=\"trips\"}".formatted(what));
  }

  private static JsonNode health(Application application) {
    try {
      return JSON.readTree(vitals(application).healthPage().body());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void rowsAddUpAlsoWhenSomeAreRefusedAndTheRouteFileChanges() {
    RoadHome home = RoadHome.in(folder).table("trips", "id UInt64, text String").flow("trips", "");
    home.drop("trips", "a.csv", "id,text\n1,a\nx,b\n3,c\n");
    try (Application application = home.start(false)) {
      await().atMost(PATIENCE).until(() -> rows(application, "delivered") == 2);
      assertThat(rows(application, "dead")).isEqualTo(1);
      assertThat(rows(application, "fetched")).isEqualTo(3);
      List<Optional<Instant>> before = loaded(home);
      home.flow("trips", "batchRows=2");
      await().atMost(PATIENCE).until(() -> !loaded(home).equals(before));
      home.drop("trips", "b.csv", "id,text\n4,d\n5,e\n6,f\n");
      await().atMost(PATIENCE).until(() -> rows(application, "delivered") == 5);
      assertThat(rows(application, "fetched")).isEqualTo(6);
      assertThat(meter(application, "waybill_flow_held{flow=\"trips\"}")).isZero();
      assertThat(meter(application, "waybill_ledger_up")).isEqualTo(1);
      await().atMost(PATIENCE).until(() -> meter(application, "waybill_clickhouse_up") == 1);
      assertThat(meter(application, "waybill_ledger_transaction_seconds_count")).isPositive();
    }
    assertThat(home.rows("trips", "id, text"))
        .containsExactly("1\ta", "3\tc", "4\td", "5\te", "6\tf");
  }

  private static List<Optional<Instant>> loaded(RoadHome home) {
    return home.ledger(reader -> reader.routeFiles().stream().map(RouteFileRow::loaded).toList());
  }

  @Test
  void aHeldFlowIsDownWithReasonAndRemedyWhileOthersAreUp() {
    RoadHome home = RoadHome.in(folder).flow("trips", "").flow("other", "");
    home.set("waybill.management.port", "0").table("other", "id UInt64");
    home.route("broken", "- route:\n    id: broken\n    from:\n      uri: nothing:like\n");
    try (Application application = home.start(false)) {
      await().atMost(PATIENCE).until(() -> vitals(application).ready().status() == 200);
      JsonNode health = health(application);
      assertThat(health.at("/status").asText()).isEqualTo("degraded");
      assertThat(health.at("/flows/trips/status").asText()).isEqualTo("down");
      assertThat(health.at("/flows/trips/reason").asText()).contains("there is no table");
      assertThat(health.at("/flows/trips/remedy").asText()).contains("createTable=true");
      assertThat(health.at("/flows/other/status").asText()).isEqualTo("up");
      assertThat(health.at("/checks/routes/reason").asText()).contains("broken.camel.yaml");
      assertThat(health.at("/checks/ledger/status").asText()).isEqualTo("up");
      assertThat(vitals(application).healthPage().status()).isEqualTo(200);
      assertThat(meter(application, "waybill_flow_held{flow=\"trips\"}")).isEqualTo(1);
      assertThat(meter(application, "waybill_route_files_refused")).isEqualTo(1);
      assertThat(get(application, "health").body()).contains("there is no table");
      assertThat(get(application, "health/live").statusCode()).isEqualTo(200);
      assertThat(get(application, "metrics").body())
          .contains("waybill_flow_held{flow=\"trips\"} 1");
      home.table("trips", "id UInt64");
      await()
          .atMost(PATIENCE)
          .until(() -> health(application).at("/flows/trips/status").asText().equals("up"));
    }
  }

  @Test
  void withoutClickHouseItLivesAndIsNotReadyAndDown() {
    RoadHome home = RoadHome.in(folder).flow("trips", "");
    home.set("waybill.clickhouse.url", "http://127.0.0.1:9");
    try (Application application = home.start(false)) {
      assertThat(Vitals.live().status()).isEqualTo(200);
      assertThat(vitals(application).ready().status()).isEqualTo(503);
      await()
          .atMost(PATIENCE)
          .until(() -> health(application).at("/checks/clickhouse/reason").asText().length() > 30);
      assertThat(health(application).at("/status").asText()).isEqualTo("down");
      assertThat(vitals(application).healthPage().status()).isEqualTo(503);
      assertThat(meter(application, "waybill_clickhouse_up")).isZero();
    }
  }
}
