package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.waybill.app.Application;
import io.waybill.app.Example;
import io.waybill.app.Home;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A person is told once of what needs one, and a route for that which fails disturbs nothing. */
@Timeout(180)
final class AlertsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FINE = 200;
  private static final int BROKEN = 500;

  @TempDir Path folder;
  private RoadHome home;
  private HttpServer hooks;
  private final List<JsonNode> told = new CopyOnWriteArrayList<>();
  private volatile int answer = FINE;

  @BeforeEach
  void listen() throws IOException {
    home = RoadHome.in(folder);
    hooks = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hooks.createContext(
        "/",
        exchange -> {
          assertThat(exchange.getRequestHeaders().keySet())
              .noneMatch(header -> header.startsWith("Camel"));
          told.add(JSON.readTree(exchange.getRequestBody()));
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    hooks.start();
  }

  @AfterEach
  void end() {
    hooks.stop(0);
  }

  private void alertBy(String example) throws IOException {
    var unused = Example.of(example).orElseThrow().writeTo(new Home(folder));
  }

  private String hook() {
    return "http://127.0.0.1:%d/hook".formatted(hooks.getAddress().getPort());
  }

  @Test
  void aHookHearsOnceOfAHeldFlowAndAgainOnlyWhenItIsHeldAnew() throws IOException {
    alertBy("alert-webhook");
    home.set("alert.webhook", hook()).movingFlow("trips", "");
    home.drop("trips", "a.csv", "id\n1\n");
    try (Application application = home.start(false)) {
      await().atMost(PATIENCE).until(() -> !told.isEmpty());
      assertThat(told.get(0).at("/kind").asText()).isEqualTo("held");
      assertThat(told.get(0).at("/flow").asText()).isEqualTo("trips");
      assertThat(told.get(0).at("/reason").asText()).contains("there is no table");
      assertThat(told.get(0).at("/remedy").asText()).contains("createTable=true");
      home.table("trips", "id UInt64");
      await().atMost(PATIENCE).until(() -> home.rows("trips", "id").equals(List.of("1")));
      assertThat(told).hasSize(1);
      home.query("DROP TABLE %s.trips SYNC".formatted(home.database()));
      home.drop("trips", "b.csv", "id\n2\n");
      await().atMost(PATIENCE).until(() -> told.size() == 2);
      assertThat(application.holds()).hasSize(1);
    }
  }

  @Test
  void deadLettersAreToldOnceARunAndWithoutTheirValues() throws IOException {
    alertBy("alert-slack");
    home.set("alert.slack", hook()).table("trips", "id UInt64").flow("trips", "batchRows=2");
    home.drop("trips", "a.csv", "id\n1\nsecretvalue\n3\nothervalue\n");
    assertThat(home.once().holds()).isEmpty();
    assertThat(told).hasSize(1);
    assertThat(told.get(0).at("/text").asText())
        .contains("trips", "dead letters", "2 rows were refused")
        .doesNotContain("secretvalue");
  }

  @Test
  void aFailedRunIsToldAndARouteThatFailsDisturbsNothing() throws IOException {
    alertBy("alert-webhook");
    answer = BROKEN;
    home.set("alert.webhook", hook()).table("trips", "id UInt64").flow("trips", "maxBadRows=0");
    home.drop("trips", "bad.csv", "id\nx\n");
    home.drop("trips", "good.csv", "id\n7\n");
    home.once();
    assertThat(home.rows("trips", "id")).containsExactly("7");
    assertThat(home.states("trips")).containsExactlyInAnyOrder("failed", "completed");
    assertThat(told)
        .anySatisfy(alert -> assertThat(alert.at("/kind").asText()).isEqualTo("failed"));
  }

  @Test
  void aMailIsSent() throws IOException {
    alertBy("alert-mail");
    List<String> mail = new CopyOnWriteArrayList<>();
    try (ServerSocket post = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> takeMail(post, mail), "test-smtp");
      server.setDaemon(true);
      server.start();
      home.set("alert.mail.server", "127.0.0.1:" + post.getLocalPort())
          .set("alert.mail.to", "night-shift@example.com")
          .flow("trips", "");
      home.once();
      assertThat(mail)
          .contains("Subject: Waybill: trips held", "To: night-shift@example.com")
          .anySatisfy(line -> assertThat(line).contains("there is no table"));
    }
  }

  /** As much of SMTP as one mail needs. */
  private static void takeMail(ServerSocket post, List<String> mail) {
    try (Socket client = post.accept();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
      OutputStream out = client.getOutputStream();
      say(out, "220 test");
      boolean data = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (data) {
          mail.add(line);
          data = !line.equals(".");
          if (!data) {
            say(out, "250 taken");
          }
        } else {
          data = line.startsWith("DATA");
          say(out, data ? "354 go on" : line.startsWith("QUIT") ? "221 bye" : "250 fine");
        }
      }
    } catch (IOException e) {
      mail.add(e.toString());
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
