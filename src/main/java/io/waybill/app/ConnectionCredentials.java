package io.waybill.app;

import io.waybill.secret.Credential;
import io.waybill.secret.Credentials;
import io.waybill.secret.Secret;
import io.waybill.vault.HashicorpFunction;
import io.waybill.vault.Vault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who asks at the connections of a home: as configured, or as Vault says. Thread-safe. */
final class ConnectionCredentials {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{hashicorp:(.+)}}");
  private final Optional<Vault> vault;
  private final Optional<HashicorpFunction> function;
  private final Map<String, Credentials> leases = new ConcurrentHashMap<>();

  ConnectionCredentials(Optional<Vault> vault, Optional<HashicorpFunction> function) {
    this.vault = vault;
    this.function = function;
  }

  /**
   * Of this connection.
   *
   * @throws ConfigurationException if they are to come from a Vault that is not configured
   */
  Credentials of(ConnectionConfig given) {
    if (!given.vaultLease().isEmpty()) {
      Credentials leased = required(given).leased(given.vaultLease());
      leases.put(given.name(), leased);
      return leased;
    }
    if (!given.vaultKv().isEmpty()) {
      return required(given).fromSecret(given.vaultKv(), given.user());
    }
    Matcher user = PLACEHOLDER.matcher(given.user());
    Matcher password = PLACEHOLDER.matcher(given.password().reveal());
    if (!user.matches() && !password.matches()) {
      return Credentials.fixed(given.user(), given.password());
    }
    HashicorpFunction resolver = function.orElseThrow(() -> withoutVault(given));
    return required(given)
        .watched(
            "of connection " + given.name(),
            () ->
                new Credential(
                    user.matches() ? resolver.apply(user.group(1)) : given.user(),
                    password.matches()
                        ? Secret.of(resolver.apply(password.group(1)))
                        : given.password()));
  }

  /** Until when the login to Vault ({@code vault}) and the leases of connections are good. */
  Map<String, Instant> expiries() {
    Map<String, Instant> expiries = new TreeMap<>();
    vault.flatMap(each -> each.status().expires()).ifPresent(end -> expiries.put("vault", end));
    leases.forEach(
        (name, lease) ->
            lease
                .known()
                .flatMap(Credentials.Known::expires)
                .ifPresent(end -> expiries.put(name, end)));
    return expiries;
  }

  private Vault required(ConnectionConfig given) {
    return vault.orElseThrow(() -> withoutVault(given));
  }

  private static ConfigurationException withoutVault(ConnectionConfig given) {
    return new ConfigurationException(
        List.of(
            "connection %s takes its credentials from Vault, and waybill.vault.address is not set"
                .formatted(given.name())));
  }
}
