package io.waybill.identity;

import io.waybill.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which OIDC provider vouches for people and programs, and how.
 *
 * @param issuer what its tokens say in {@code iss}, letter by letter
 * @param audiences one of these must stand in {@code aud} of a bearer token
 * @param clientId client by which people log in
 * @param clientSecret its secret; empty for a public client
 * @param cliClientId client by which the command line logs in
 * @param scope scopes that logins ask for
 * @param nameClaim claim that names somebody; {@code sub} where a token has none
 * @param skew by how much clocks may differ
 * @param caCertificate PEM file of the authority that signed the provider's certificate
 */
public record OidcSettings(
    String issuer,
    List<String> audiences,
    String clientId,
    Secret clientSecret,
    String cliClientId,
    String scope,
    String nameClaim,
    Duration skew,
    Optional<Path> caCertificate) {
  public OidcSettings {
    audiences = List.copyOf(audiences);
  }
}
