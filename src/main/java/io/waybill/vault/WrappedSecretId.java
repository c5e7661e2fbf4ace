package io.waybill.vault;

import io.waybill.secret.CredentialsException;
import io.waybill.secret.Redaction;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.vault.client.VaultHttpHeaders;
import org.springframework.vault.client.VaultResponses;
import org.springframework.vault.support.VaultResponse;
import org.springframework.vault.support.VaultToken;
import org.springframework.web.client.HttpStatusCodeException;
import org.springframework.web.client.RestOperations;

/**
 * A secret id that came response-wrapped. The wrapping token opens once, so what was in it is kept
 * in memory for later logins; another wrapping token, when the file has one, is opened anew. A
 * token that somebody else opened before is told as such. Thread-safe. Source: Vault, Response
 * wrapping.
 */
final class WrappedSecretId implements Supplier<String> {
  private final VaultSettings settings;
  private final RestOperations rest;
  private String opened = "";
  private String secretId = "";

  WrappedSecretId(VaultSettings settings, RestOperations rest) {
    this.settings = settings;
    this.rest = rest;
  }

  @Override
  public synchronized String get() {
    String wrapping = settings.secret("secret-id");
    if (!wrapping.equals(opened)) {
      secretId = unwrap(wrapping);
      opened = wrapping;
    }
    return secretId;
  }

  private String unwrap(String wrapping) {
    HttpHeaders headers = VaultHttpHeaders.from(VaultToken.of(wrapping));
    try {
      VaultResponse response =
          rest.exchange(
                  "sys/wrapping/unwrap",
                  HttpMethod.POST,
                  new HttpEntity<>(Map.of(), headers),
                  VaultResponse.class)
              .getBody();
      Object found =
          response == null || response.getData() == null
              ? null
              : response.getData().get("secret_id");
      if (found == null) {
        throw new CredentialsException(
            "what the wrapping token opened is no secret id", "wrap a secret id of the AppRole");
      }
      Redaction.hide(found.toString());
      return found.toString();
    } catch (HttpStatusCodeException e) {
      if (e.getStatusCode().is4xxClientError()) {
        throw new CredentialsException(
            "the wrapping token of the secret id is not valid: it is used up, expired, or somebody else opened it first",
            "see in Vault's audit log who unwrapped it; write a new wrapped secret id");
      }
      throw VaultResponses.buildException(e);
    }
  }
}
