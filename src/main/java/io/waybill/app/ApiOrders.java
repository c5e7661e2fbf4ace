package io.waybill.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.control.Answer;
import io.waybill.control.Answer.Outcome;
import io.waybill.control.Order;
import io.waybill.secret.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Orders of the command line by way of the management API, where a login has to be shown: a token
 * belongs into no ledger.
 */
final class ApiOrders {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 500;
  private static final int OK = 200;
  private static final int UNAUTHENTICATED = 401;
  private static final int FORBIDDEN = 403;
  private static final int SERVER_ERRORS = 500;
  private static final String RUNNING = "running";
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final URI base;
  private final Secret token;

  /**
   * To the process that serves this home.
   *
   * @throws ConfigurationException if it has no management port
   */
  ApiOrders(Home home, Secret token) {
    this.base = base(home);
    this.token = token;
  }

  private static URI base(Home home) {
    Path file = Management.address(home);
    try {
      return URI.create(Files.readString(file).strip()).resolve("api/v1/");
    } catch (NoSuchFileException e) {
      throw new ConfigurationException(
          List.of(
              "the process that serves has no management port, by which orders come with"
                  + " waybill.identity.cli=oidc; set waybill.management.port"));
    } catch (IOException e) {
      throw new ConfigurationException(List.of("cannot read " + file + ": " + e.getMessage()));
    }
  }

  /** Where an order goes, and with what. */
  private record Post(String path, Map<String, ?> body) {}

  Answer place(Order order) throws IOException, InterruptedException {
    Post post = post(order);
    JsonNode answered =
        ask(
            request(post.path())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(post.body()))));
    while (answered.path("state").asText().equals(RUNNING)) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      answered = ask(request("orders/" + answered.path("order").asText()).GET());
    }
    List<String> lines = new ArrayList<>();
    answered.path("lines").forEach(line -> lines.add(line.asText()));
    return new Answer(
        Outcome.valueOf(answered.path("state").asText().toUpperCase(Locale.ROOT)), lines);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token.reveal());
  }

  /** The answer; that of a problem as an order that was refused has it. */
  private JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    JsonNode body = JSON.readTree(response.body());
    if (response.statusCode() == OK) {
      return body;
    }
    boolean denied = response.statusCode() == FORBIDDEN || response.statusCode() == UNAUTHENTICATED;
    Outcome outcome = denied ? Outcome.DENIED : Outcome.REFUSED;
    if (response.statusCode() >= SERVER_ERRORS) {
      outcome = Outcome.HELD_OR_FAILED;
    }
    String said = body.path("detail").asText("HTTP " + response.statusCode());
    return JSON.valueToTree(
        Map.of(
            "state",
            outcome.name(),
            "lines",
            List.of(
                denied ? "denied: " + said : said, "remedy: " + body.path("remedy").asText(""))));
  }

  private static Post post(Order order) throws IOException {
    if (order instanceof Order.Rerun rerun) {
      return new Post(
          "runs/" + part(rerun.run()) + "/rerun",
          Map.of("again", rerun.again(), "abandon", rerun.abandon()));
    }
    if (order instanceof Order.Reconcile reconcile) {
      return new Post(
          "runs/" + part(reconcile.run()) + "/reconcile", Map.of("send", reconcile.send()));
    }
    if (order instanceof Order.CancelRun cancel) {
      return new Post("runs/" + part(cancel.run()) + "/cancel", Map.of());
    }
    if (order instanceof Order.MarkRun mark) {
      return new Post(
          "runs/" + part(mark.run()) + "/mark", Map.of("state", mark.state(), "note", mark.note()));
    }
    if (order instanceof Order.CancelTrigger cancel) {
      return new Post("triggers/" + part(cancel.trigger()) + "/cancel", Map.of());
    }
    if (order instanceof Order.Decide decide) {
      return new Post(
          "approvals/" + decide.approval() + "/decide", Map.of("approve", decide.approve()));
    }
    if (order instanceof Order.KillSwitch kill) {
      return new Post(
          "kill-switches/" + part(kill.name()), Map.of("on", kill.on(), "reason", kill.reason()));
    }
    return ofLettersOrFlow(order);
  }

  private static Post ofLettersOrFlow(Order order) throws IOException {
    if (order instanceof Order.Replay replay) {
      return new Post("dead-letters/replay", Map.of("letters", replay.letters()));
    }
    if (order instanceof Order.ReplayMended mended) {
      String records = Files.readString(Path.of(mended.file()), StandardCharsets.UTF_8);
      return new Post(
          "dead-letters/replay-mended", Map.of("letters", mended.letters(), "records", records));
    }
    if (order instanceof Order.Discard discard) {
      return new Post(
          "dead-letters/discard", Map.of("letters", discard.letters(), "reason", discard.reason()));
    }
    if (order instanceof Order.Trigger trigger) {
      return new Post(
          "flows/" + part(trigger.flow()) + "/trigger",
          trigger.due().isEmpty()
              ? Map.of("parameters", trigger.parameters())
              : Map.of("parameters", trigger.parameters(), "due", trigger.due()));
    }
    if (order instanceof Order.Backfill backfill) {
      return new Post(
          "flows/" + part(backfill.flow()) + "/backfill",
          Map.of(
              "from", backfill.from(),
              "to", backfill.to(),
              "every", backfill.every(),
              "parallel", backfill.parallel(),
              "parameters", backfill.parameters()));
    }
    return order instanceof Order.Pause pause
        ? new Post("flows/" + part(pause.flow()) + "/pause", Map.of())
        : new Post("flows/" + part(((Order.Resume) order).flow()) + "/resume", Map.of());
  }

  private static String part(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
