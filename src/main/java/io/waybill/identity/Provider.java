package io.waybill.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An OIDC provider, known by its discovery document (OpenID Connect Discovery 1.0). Nothing is
 * asked before it is needed; while it is away, what it said last holds. Thread-safe.
 */
public final class Provider {
  private static final Duration FRESH = Duration.ofHours(1);

  /** Who asks while it is away must not wait for it each time. */
  private static final Duration AGAIN = Duration.ofSeconds(2);

  private final OidcSettings settings;
  private final ProviderHttp http;
  private final Clock clock;
  private Optional<Metadata> known = Optional.empty();
  private Instant next = Instant.MIN;
  private ProviderException trouble;

  /**
   * By these settings.
   *
   * @throws IllegalArgumentException if its issuer is none that may be asked, or the certificate
   *     cannot be read
   */
  public Provider(OidcSettings settings, Clock clock) {
    this.settings = settings;
    this.http = new ProviderHttp(settings.caCertificate());
    this.clock = clock;
    if (!isSafe(URI.create(settings.issuer()))) {
      throw new IllegalArgumentException(
          "waybill.identity.oidc.issuer must begin with https://; http:// is for this machine only");
    }
  }

  /** What its discovery document says. */
  record Metadata(
      URI keys,
      Optional<URI> authorization,
      Optional<URI> token,
      Optional<URI> device,
      Optional<URI> endSession,
      Optional<URI> revocation) {}

  OidcSettings settings() {
    return settings;
  }

  ProviderHttp http() {
    return http;
  }

  synchronized Metadata metadata() throws ProviderException {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      if (known.isEmpty()) {
        throw trouble;
      }
      return known.get();
    }
    try {
      known = Optional.of(fetch());
      next = now.plus(FRESH);
    } catch (ProviderException e) {
      trouble = e;
      next = now.plus(AGAIN);
      if (known.isEmpty()) {
        throw e;
      }
    }
    return known.get();
  }

  private Metadata fetch() throws ProviderException {
    URI place =
        URI.create(settings.issuer().replaceFirst("/$", "") + "/.well-known/openid-configuration");
    JsonNode document = ProviderHttp.json(http.text(place), place);
    String issuer = document.path("issuer").asText("");
    if (!issuer.equals(settings.issuer())) {
      throw new ProviderException(
          "the discovery document at %s names another issuer than waybill.identity.oidc.issuer; the"
                  .formatted(place)
              + " two must be the same, letter by letter",
          "");
    }
    return new Metadata(
        endpoint(document, "jwks_uri")
            .orElseThrow(() -> new ProviderException("there is no jwks_uri in " + place, "")),
        endpoint(document, "authorization_endpoint"),
        endpoint(document, "token_endpoint"),
        endpoint(document, "device_authorization_endpoint"),
        endpoint(document, "end_session_endpoint"),
        endpoint(document, "revocation_endpoint"));
  }

  private static Optional<URI> endpoint(JsonNode document, String name) throws ProviderException {
    String text = document.path(name).asText("");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI uri = URI.create(text);
      if (isSafe(uri)) {
        return Optional.of(uri);
      }
    } catch (IllegalArgumentException e) {
      throw new ProviderException(
          "the discovery document has a %s that is no URI".formatted(name), e);
    }
    throw new ProviderException(
        "the discovery document has a %s without https".formatted(name), "");
  }

  static boolean isSafe(URI uri) {
    if (uri.getHost() == null || uri.getUserInfo() != null) {
      return false;
    }
    return "https".equals(uri.getScheme())
        || ("http".equals(uri.getScheme()) && isLoopback(uri.getHost()));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
