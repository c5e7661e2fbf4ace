package io.waybill.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks the provider: answers are bounded in time and size, redirects are not followed. Thread-safe.
 */
final class ProviderHttp {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LONGEST = 1 << 20;
  private static final int OK = 200;
  private static final int CLIENT_ERRORS = 400;
  private static final int SERVER_ERRORS = 500;
  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient http;

  ProviderHttp(Optional<Path> caCertificate) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NEVER);
    caCertificate.ifPresent(file -> builder.sslContext(trusting(file)));
    this.http = builder.build();
  }

  private static SSLContext trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "waybill.identity.oidc.ca-certificate: " + file + " holds no certificates: " + e, e);
    }
  }

  /** The text that is answered there. */
  String text(URI uri) throws ProviderException {
    Reply reply = ask(HttpRequest.newBuilder(uri).header("Accept", "application/json").GET(), uri);
    if (reply.status() != OK) {
      throw new ProviderException(
          "the OIDC provider answers HTTP %d at %s".formatted(reply.status(), uri), "");
    }
    return reply.body();
  }

  /**
   * Sends a form, and returns the JSON that is answered.
   *
   * @param basic user and password of HTTP Basic, if there are any
   */
  JsonNode form(URI uri, Map<String, String> fields, Optional<String> basic)
      throws ProviderException {
    String form =
        fields.entrySet().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(form));
    basic.ifPresent(value -> request.header("Authorization", "Basic " + value));
    Reply reply = ask(request, uri);
    JsonNode answer = json(reply.body(), uri);
    if (reply.status() != OK) {
      boolean refused = reply.status() >= CLIENT_ERRORS && reply.status() < SERVER_ERRORS;
      String error = answer.path("error").asText("");
      throw new ProviderException(
          "the OIDC provider answers HTTP %d at %s%s"
              .formatted(reply.status(), uri, isWord(error) ? ": " + error : ""),
          refused && isWord(error) ? error : "");
    }
    return answer;
  }

  /** Words of RFC 6749 and its kin; what else a provider writes is not repeated. */
  static boolean isWord(String error) {
    return error.matches("[a-z_]{1,60}");
  }

  static JsonNode json(String text, URI uri) throws ProviderException {
    try {
      return JSON.readTree(text.isBlank() ? "{}" : text);
    } catch (IOException e) {
      throw new ProviderException("the OIDC provider answers no JSON at " + uri, e);
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private record Reply(int status, String body) {}

  /** The time-out of a request ends with its head, so that of the whole is kept here. */
  private Reply ask(HttpRequest.Builder request, URI uri) throws ProviderException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request.timeout(PATIENCE).build(), info -> new BoundedBody(LONGEST));
    try {
      HttpResponse<byte[]> response = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
    } catch (ExecutionException e) {
      throw new ProviderException(
          "the OIDC provider does not answer at %s: %s".formatted(uri, cause(e)), e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new ProviderException("the OIDC provider does not answer at %s".formatted(uri), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderException("interrupted while asking the OIDC provider", e);
    }
  }

  private static String cause(ExecutionException e) {
    Throwable cause = e.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
