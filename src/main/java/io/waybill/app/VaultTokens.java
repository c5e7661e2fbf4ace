package io.waybill.app;

import io.waybill.secret.CredentialsException;
import io.waybill.secret.Secret;
import io.waybill.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Static tokens out of a secret in Vault, by the names of their holders. It is looked at again
 * every so often, so that a token that is taken out there is good for no longer; while Vault is
 * away what is held stays in use, as everywhere. Thread-safe.
 */
final class VaultTokens {
  private static final Logger LOG = LoggerFactory.getLogger(VaultTokens.class);
  private final Supplier<Optional<Vault>> vault;
  private final String path;
  private final Duration poll;
  private final Clock clock;
  private Map<String, Secret> held;
  private Instant next = Instant.MIN;

  VaultTokens(Supplier<Optional<Vault>> vault, String path, Duration poll, Clock clock) {
    this.vault = vault;
    this.path = path;
    this.poll = poll;
    this.clock = clock;
  }

  /**
   * The tokens as they are known now.
   *
   * @throws CredentialsException if there never were any
   */
  synchronized Map<String, Secret> tokens() {
    Instant now = clock.instant();
    if (held == null || !now.isBefore(next)) {
      next = now.plus(poll);
      try {
        held = read();
      } catch (CredentialsException e) {
        if (held == null) {
          throw e;
        }
        LOG.warn("{} is not to be had, what is held is used: {}", path, e.getMessage());
      }
    }
    return held;
  }

  private Map<String, Secret> read() {
    Vault it =
        vault
            .get()
            .orElseThrow(
                () ->
                    new CredentialsException(
                        "Vault is not there yet, which has the tokens", "ask again soon"));
    return it.secret(path, "").fields();
  }
}
