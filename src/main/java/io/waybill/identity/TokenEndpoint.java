package io.waybill.identity;

import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.secret.Redaction;
import io.waybill.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Gets tokens of the provider by the grants of RFC 6749 and 8628. Thread-safe. */
final class TokenEndpoint {
  private final Provider provider;
  private final String clientId;
  private final Secret clientSecret;

  TokenEndpoint(Provider provider, String clientId, Secret clientSecret) {
    this.provider = provider;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
  }

  /** By the code that a login came back with. */
  Tokens byCode(String code, String verifier, String redirect) throws ProviderException {
    return ask(
        Map.of(
            "grant_type", "authorization_code",
            "code", code,
            "code_verifier", verifier,
            "redirect_uri", redirect));
  }

  /** Again, as long as the provider goes on with it. */
  Tokens byRefresh(Secret refresh) throws ProviderException {
    return ask(Map.of("grant_type", "refresh_token", "refresh_token", refresh.reveal()));
  }

  /**
   * By the code of a device, once somebody has let it in.
   *
   * @throws ProviderException whose error is {@code authorization_pending} before that
   */
  Tokens byDevice(Secret deviceCode, String verifier) throws ProviderException {
    return ask(
        Map.of(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:device_code",
            "device_code",
            deviceCode.reveal(),
            "code_verifier",
            verifier));
  }

  private Tokens ask(Map<String, String> fields) throws ProviderException {
    URI place =
        provider
            .metadata()
            .token()
            .orElseThrow(() -> new ProviderException("the OIDC provider gives no tokens", ""));
    JsonNode answer = form(place, fields);
    Secret access = secret(answer, "access_token");
    if (access.isEmpty()) {
      throw new ProviderException("the OIDC provider answers without a token at " + place, "");
    }
    return new Tokens(access, secret(answer, "id_token"), secret(answer, "refresh_token"));
  }

  /** Sends a form as this client. */
  JsonNode form(URI place, Map<String, String> fields) throws ProviderException {
    Map<String, String> all = new TreeMap<>(fields);
    if (clientSecret.isEmpty()) {
      all.put("client_id", clientId);
      return provider.http().form(place, all, Optional.empty());
    }
    return provider.http().form(place, all, Optional.of(basic()));
  }

  private String basic() {
    String both =
        ProviderHttp.encoded(clientId) + ":" + ProviderHttp.encoded(clientSecret.reveal());
    String header = Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    Redaction.hide(header);
    return header;
  }

  static Secret secret(JsonNode answer, String name) {
    return Secret.of(answer.path(name).asText(""));
  }
}
