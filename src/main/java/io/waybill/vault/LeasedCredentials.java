package io.waybill.vault;

import io.waybill.secret.Credential;
import io.waybill.secret.CredentialsException;
import io.waybill.secret.Redaction;
import io.waybill.secret.Secret;
import io.waybill.vault.VaultListener.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.vault.support.VaultResponse;

/**
 * User and password that Vault makes for us and takes away again: renewed at two thirds of their
 * life, replaced when Vault gives no more than half of it, revoked when nobody uses them any more.
 * Source: Vault, Lease, renew, and revoke.
 */
final class LeasedCredentials extends RotatingCredentials {
  private static final Logger LOG = LoggerFactory.getLogger(LeasedCredentials.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private final Vault vault;
  private final String path;
  private final Map<Credential, Lease> leases;
  private volatile boolean closed;

  private record Lease(String id, Duration life, boolean renewable, Instant expires) {}

  /** By reading this path, such as {@code database/creds/loader}. */
  LeasedCredentials(Vault vault, String path) {
    this(vault, path, new ConcurrentHashMap<>());
  }

  private LeasedCredentials(Vault vault, String path, Map<Credential, Lease> leases) {
    super(abandoned -> revoke(vault, path, abandoned, leases.remove(abandoned)), true);
    this.vault = vault;
    this.path = path;
    this.leases = leases;
  }

  @Override
  Credential fetch() {
    VaultResponse response = vault.asked("credentials " + path, () -> vault.template().read(path));
    if (response == null || response.getData() == null) {
      throw new CredentialsException(
          "Vault has nothing for: credentials " + path, "correct the path");
    }
    Credential credential =
        new Credential(text(response, "username"), Secret.of(text(response, "password")));
    Duration life = Duration.ofSeconds(response.getLeaseDuration());
    Lease lease =
        new Lease(response.getLeaseId(), life, response.isRenewable(), Instant.now().plus(life));
    Redaction.hide(lease.id());
    leases.put(credential, lease);
    schedule(credential, untilRenewal(lease));
    vault.listener().lease(Change.ISSUED, path, credential.user(), lease.id(), lease.expires());
    LOG.info("leased user {} by {} for {} s", credential.user(), path, life.toSeconds());
    return credential;
  }

  @Override
  Optional<Instant> expires(Credential credential) {
    return Optional.ofNullable(leases.get(credential)).map(Lease::expires);
  }

  private String text(VaultResponse response, String field) {
    Object value = response.getRequiredData().get(field);
    if (value == null) {
      throw new CredentialsException(
          "%s in Vault gives no %s".formatted(path, field), "name a path that gives credentials");
    }
    return value.toString();
  }

  private static Duration untilRenewal(Lease lease) {
    long millis = Math.max(1, lease.life().toMillis() * 2 / 3);
    return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 10 + 1));
  }

  private void schedule(Credential credential, Duration pause) {
    if (!closed) {
      var unused =
          vault
              .scheduler()
              .schedule(() -> renew(credential), pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Also one that was replaced is renewed while somebody uses it. */
  private void renew(Credential credential) {
    Lease lease = leases.get(credential);
    if (lease == null || closed) {
      return;
    }
    try {
      Duration longer = lease.renewable() ? renewed(lease) : Duration.ZERO;
      boolean enough = longer.multipliedBy(2).compareTo(lease.life()) >= 0;
      if (enough) {
        Lease renewed = new Lease(lease.id(), lease.life(), true, Instant.now().plus(longer));
        leases.replace(credential, renewed);
        vault
            .listener()
            .lease(Change.RENEWED, path, credential.user(), renewed.id(), renewed.expires());
        schedule(credential, untilRenewal(renewed));
      } else if (credential.equals(current())) {
        var unused = replace(fetch());
      }
    } catch (CredentialsException e) {
      LOG.warn(
          "user {} cannot be renewed or replaced: {}; it is good until {}",
          credential.user(),
          e.getMessage(),
          lease.expires());
      schedule(credential, PAUSE);
    }
  }

  private Duration renewed(Lease lease) {
    try {
      VaultResponse response =
          vault.template().write("sys/leases/renew", Map.of("lease_id", lease.id()));
      return Duration.ofSeconds(response == null ? 0 : response.getLeaseDuration());
    } catch (RuntimeException e) {
      if (VaultErrors.isPassing(e)) {
        throw VaultErrors.of("renewal of " + path, e);
      }
      return Duration.ZERO; // expired or revoked: another one is needed
    }
  }

  private static void revoke(Vault vault, String path, Credential credential, Lease lease) {
    if (lease == null) {
      return;
    }
    try {
      vault.template().write("sys/leases/revoke", Map.of("lease_id", lease.id()));
      vault.listener().lease(Change.REVOKED, path, credential.user(), lease.id(), lease.expires());
    } catch (RuntimeException e) {
      vault
          .listener()
          .lease(Change.ABANDONED, path, credential.user(), lease.id(), lease.expires());
      LOG.warn("a lease was not given back and ends by itself at {}", lease.expires());
    }
  }

  @Override
  public void close() {
    closed = true;
    leases.forEach((credential, lease) -> revoke(vault, path, credential, lease));
    leases.clear();
  }
}
