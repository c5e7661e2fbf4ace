package io.waybill.vault;

import io.waybill.secret.CredentialsException;
import io.waybill.secret.Redaction;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.vault.authentication.AppRoleAuthentication;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.RoleId;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.SecretId;
import org.springframework.vault.authentication.AwsIamAuthentication;
import org.springframework.vault.authentication.AwsIamAuthenticationOptions;
import org.springframework.vault.authentication.AwsIamAuthenticationOptions.AwsIamAuthenticationOptionsBuilder;
import org.springframework.vault.authentication.ClientAuthentication;
import org.springframework.vault.authentication.JwtAuthentication;
import org.springframework.vault.authentication.JwtAuthenticationOptions;
import org.springframework.vault.authentication.KubernetesAuthentication;
import org.springframework.vault.authentication.KubernetesAuthenticationOptions;
import org.springframework.vault.support.VaultToken;
import org.springframework.web.client.RestOperations;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** The ways to log in to Vault. */
final class Logins {
  private final VaultSettings settings;
  private final RestOperations rest;

  private Logins(VaultSettings settings, RestOperations rest) {
    this.settings = settings;
    this.rest = rest;
  }

  /**
   * The way that the settings name. What it needs is read again at each login, so that an agent may
   * replace it.
   *
   * @throws CredentialsException if the settings lack something
   */
  static ClientAuthentication of(VaultSettings settings, RestOperations rest) {
    Logins logins = new Logins(settings, rest);
    return switch (settings.auth()) {
      case "token" -> () -> VaultToken.of(settings.secret("token"));
      case "approle" -> logins.appRole();
      case "jwt" -> logins.jwt("jwt", logins::jwtFromFileOrEnvironment);
      case "oidc" -> logins.jwt("oidc", new ClientCredentialsGrant(settings)::token);
      case "aws-iam" -> logins.awsIam();
      case "kubernetes" -> logins.kubernetes();
      default ->
          throw new CredentialsException(
              "waybill.vault.auth is '%s'".formatted(settings.auth()),
              "set it to one of token, approle, jwt, oidc, aws-iam, kubernetes");
    };
  }

  private static String hidden(String secret) {
    Redaction.hide(secret);
    return secret;
  }

  private ClientAuthentication appRole() {
    RoleId role = RoleId.provided(settings.required("role-id"));
    Supplier<String> secretId =
        settings.text("secret-id-wrapped").equals("true")
            ? new WrappedSecretId(settings, rest)
            : () -> settings.secret("secret-id");
    return () -> {
      AppRoleAuthenticationOptions options =
          AppRoleAuthenticationOptions.builder()
              .path(settings.text("auth-path", "approle"))
              .roleId(role)
              .secretId(SecretId.provided(secretId.get()))
              .build();
      return new AppRoleAuthentication(options, rest).login();
    };
  }

  private ClientAuthentication jwt(String method, Supplier<String> jwt) {
    JwtAuthenticationOptions options =
        JwtAuthenticationOptions.builder()
            .path(settings.text("auth-path", method))
            .role(settings.text("role"))
            .jwtSupplier(() -> hidden(jwt.get()))
            .build();
    return new JwtAuthentication(options, rest);
  }

  private String jwtFromFileOrEnvironment() {
    Optional<Path> file = settings.file("jwt-file");
    if (file.isPresent()) {
      return SecretFile.read(file.get());
    }
    String variable = settings.required("jwt-env");
    String value = System.getenv(variable);
    if (value == null || value.isBlank()) {
      throw new CredentialsException(
          "there is no environment variable " + variable, "set it to the JWT");
    }
    return value.strip();
  }

  private ClientAuthentication awsIam() {
    AwsIamAuthenticationOptionsBuilder options =
        AwsIamAuthenticationOptions.builder()
            .path(settings.text("auth-path", "aws"))
            .role(settings.text("role"))
            .credentialsProvider(DefaultCredentialsProvider.builder().build());
    if (!settings.text("aws-region").isEmpty()) {
      Region region = Region.of(settings.text("aws-region"));
      options
          .region(region)
          .endpointUri(URI.create("https://sts." + region.id() + ".amazonaws.com/"));
    }
    if (!settings.text("aws-server-id").isEmpty()) {
      options.serverId(settings.text("aws-server-id"));
    }
    return new AwsIamAuthentication(options.build(), rest);
  }

  private ClientAuthentication kubernetes() {
    Path token =
        Path.of(
            settings.text(
                "kubernetes-token-file", "/var/run/secrets/kubernetes.io/serviceaccount/token"));
    return new KubernetesAuthentication(
        KubernetesAuthenticationOptions.builder()
            .path(settings.text("auth-path", "kubernetes"))
            .role(settings.required("role"))
            .jwtSupplier(() -> SecretFile.readWhoeverMay(token))
            .build(),
        rest);
  }
}
