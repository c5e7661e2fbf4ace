package io.waybill.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.secret.CredentialsException;
import io.waybill.secret.Redaction;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * A JWT from an OIDC provider by the grant for programs, RFC 6749 section 4.4; the client says who
 * it is by HTTP Basic, section 2.3.1.
 */
final class ClientCredentialsGrant {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int OK = 200;
  private final VaultSettings settings;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  ClientCredentialsGrant(VaultSettings settings) {
    this.settings = settings;
  }

  String token() {
    String url = settings.required("oidc-token-url");
    String scope = settings.text("oidc-scope");
    String form =
        "grant_type=client_credentials" + (scope.isEmpty() ? "" : "&scope=" + encoded(scope));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Authorization", "Basic " + basic())
            .POST(BodyPublishers.ofString(form))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      JsonNode answer = new ObjectMapper().readTree(response.body());
      String token = answer.path("access_token").asText("");
      if (response.statusCode() != OK || token.isEmpty()) {
        throw new CredentialsException(
            "the OIDC provider at %s gives no token: HTTP %d %s"
                .formatted(url, response.statusCode(), answer.path("error").asText("")),
            "see waybill.vault.oidc-client-id, its secret and its scope");
      }
      return token;
    } catch (IOException e) {
      throw new CredentialsException(
          "the OIDC provider at %s does not answer: %s".formatted(url, e),
          "see waybill.vault.oidc-token-url");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CredentialsException("interrupted while asking the OIDC provider", "");
    }
  }

  private String basic() {
    String both =
        encoded(settings.required("oidc-client-id"))
            + ":"
            + encoded(settings.secret("oidc-client-secret"));
    String header = Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    Redaction.hide(header);
    return header;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
