package io.waybill.app;

import io.waybill.identity.OidcSettings;
import io.waybill.secret.Secret;
import io.waybill.vault.SecretFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How people and programs say who they are.
 *
 * @param issuer the OIDC provider; empty for none
 * @param audiences what bearer tokens must be meant for
 * @param clientId client by which people log in; empty for none
 * @param clientSecretFile file with its secret; empty for a public client
 * @param cliClientId client by which the command line logs in
 * @param scope what logins ask for
 * @param nameClaim claim that names somebody
 * @param skew by how much clocks may differ
 * @param caCertificate PEM file of the authority that signed the provider's certificate
 * @param session when the session of a browser ends in any case
 * @param tokensVaultKv secret in Vault with static tokens by name; empty for none
 * @param cliOidc whether orders of the command line need a login
 */
public record IdentityConfig(
    String issuer,
    List<String> audiences,
    String clientId,
    Optional<Path> clientSecretFile,
    String cliClientId,
    String scope,
    String nameClaim,
    Duration skew,
    Optional<Path> caCertificate,
    Duration session,
    String tokensVaultKv,
    boolean cliOidc) {
  public IdentityConfig {
    audiences = List.copyOf(audiences);
  }

  static IdentityConfig of(SettingParser parser, Path folder) {
    String clientId = parser.text(Setting.IDENTITY_OIDC_CLIENT_ID);
    String cliClientId =
        Optional.of(parser.text(Setting.IDENTITY_OIDC_CLI_CLIENT_ID))
            .filter(text -> !text.isEmpty())
            .orElse(clientId);
    IdentityConfig config =
        new IdentityConfig(
            parser.issuer(Setting.IDENTITY_OIDC_ISSUER),
            audiences(parser, clientId, cliClientId),
            clientId,
            file(parser, Setting.IDENTITY_OIDC_CLIENT_SECRET_FILE, folder),
            cliClientId,
            parser.text(Setting.IDENTITY_OIDC_SCOPE),
            parser.text(Setting.IDENTITY_OIDC_NAME_CLAIM),
            parser.duration(Setting.IDENTITY_OIDC_SKEW),
            file(parser, Setting.IDENTITY_OIDC_CA_CERTIFICATE, folder),
            parser.duration(Setting.IDENTITY_SESSION),
            parser.text(Setting.IDENTITY_TOKENS_VAULT_KV),
            parser.oneOf(Setting.IDENTITY_CLI, "local", "oidc").equals("oidc"));
    config.check(parser);
    return config;
  }

  /** Unless somebody says otherwise, tokens are good that were issued for our own clients. */
  private static List<String> audiences(SettingParser parser, String clientId, String cliClientId) {
    String given = parser.text(Setting.IDENTITY_OIDC_AUDIENCE);
    Stream<String> all =
        given.isEmpty() ? Stream.of(clientId, cliClientId) : Arrays.stream(given.split(","));
    return all.map(String::strip).filter(text -> !text.isEmpty()).distinct().toList();
  }

  private static Optional<Path> file(SettingParser parser, Setting setting, Path folder) {
    return Optional.of(parser.text(setting)).filter(text -> !text.isEmpty()).map(folder::resolve);
  }

  private void check(SettingParser parser) {
    List<String> wrong = new ArrayList<>();
    if (!issuer.isEmpty() && audiences.isEmpty()) {
      wrong.add(
          "waybill.identity.oidc.issuer needs waybill.identity.oidc.audience or client-id too: a"
              + " token for whomever would be good here");
    }
    if (issuer.isEmpty() && (cliOidc || !clientId.isEmpty())) {
      wrong.add(
          (cliOidc ? Setting.IDENTITY_CLI.key() : Setting.IDENTITY_OIDC_CLIENT_ID.key())
              + " needs waybill.identity.oidc.issuer too");
    }
    if (cliOidc && cliClientId.isEmpty()) {
      wrong.add("waybill.identity.cli=oidc needs waybill.identity.oidc.client-id too");
    }
    if (skew.compareTo(Duration.ofMinutes(5)) > 0) {
      wrong.add("waybill.identity.oidc.skew: at most 5m; set the clocks instead");
    }
    parser.problems().addAll(wrong);
  }

  /** Whether there is a provider. */
  boolean hasProvider() {
    return !issuer.isEmpty();
  }

  /**
   * The provider, as the room that asks it knows it.
   *
   * @throws io.waybill.secret.CredentialsException if the secret cannot be read
   */
  OidcSettings oidc() {
    return new OidcSettings(
        issuer,
        audiences,
        clientId,
        clientSecretFile.map(file -> Secret.of(SecretFile.read(file))).orElse(Secret.none()),
        cliClientId,
        scope,
        nameClaim,
        skew,
        caCertificate);
  }
}
