package io.waybill.vault;

import io.waybill.secret.CredentialsException;
import io.waybill.secret.Redaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpMethod;
import org.springframework.vault.authentication.ClientAuthentication;
import org.springframework.vault.authentication.LoginToken;
import org.springframework.vault.authentication.SessionManager;
import org.springframework.vault.client.VaultHttpHeaders;
import org.springframework.vault.support.VaultResponse;
import org.springframework.vault.support.VaultToken;
import org.springframework.web.client.RestOperations;

/**
 * The token of a login: renewed at two thirds of its life, made anew when it cannot be renewed or
 * its maximum life is near. While Vault is away it tries again with growing pauses, and what is
 * held stays in use until it expires. Thread-safe.
 */
final class LoginSession implements SessionManager, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoginSession.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MOST_DOUBLINGS = 6;
  private final ClientAuthentication authentication;
  private final RestOperations rest;
  private final ScheduledExecutorService timer;
  private final Hears listener;
  private VaultToken token;
  private boolean renewable;
  private Duration life = Duration.ZERO;
  private Instant expires = Instant.MAX;
  private String trouble = "";
  private int failures;
  private boolean scheduled;
  private boolean closed;

  /** Hears of logins, as {@link VaultListener#login} says. */
  @FunctionalInterface
  interface Hears {
    void login(String accessor, Optional<Instant> until, String trouble);
  }

  LoginSession(
      ClientAuthentication authentication,
      RestOperations rest,
      ScheduledExecutorService timer,
      Hears listener) {
    this.authentication = authentication;
    this.rest = rest;
    this.timer = timer;
    this.listener = listener;
  }

  /**
   * The token, after a login if there is none.
   *
   * @throws CredentialsException if Vault does not let us in or does not answer
   */
  @Override
  public synchronized VaultToken getSessionToken() {
    if (token == null || !Instant.now().isBefore(expires)) {
      login();
    }
    return token;
  }

  /** Why there is no fresh token; empty if all is well. */
  synchronized String trouble() {
    return trouble;
  }

  /** Until when the token that is held is good; empty if there is none, or for ever. */
  synchronized Optional<Instant> expires() {
    return token == null || expires.equals(Instant.MAX) ? Optional.empty() : Optional.of(expires);
  }

  /** Logs in anew if the token is not good any more, as after somebody revoked it. */
  synchronized boolean renewIfRevoked() {
    try {
      var unused = lookUp(token);
      return false;
    } catch (RuntimeException e) {
      if (VaultErrors.status(e) != 403) {
        return false;
      }
      token = null;
      login();
      return true;
    }
  }

  private void login() {
    try {
      take(authentication.login());
      well();
    } catch (RuntimeException e) {
      CredentialsException told = VaultErrors.of("login", e);
      if (!told.getMessage().equals(trouble)) {
        listener.login("", Optional.empty(), told.getMessage());
      }
      failed(told);
      throw told;
    }
  }

  private void take(VaultToken fresh) {
    Redaction.hide(fresh.getToken());
    LoginToken known = fresh instanceof LoginToken login ? login : lookUp(fresh);
    token = fresh;
    renewable = known.isRenewable();
    hold(known.getLeaseDuration());
    listener.login(
        Objects.requireNonNullElse(known.getAccessor(), ""),
        Optional.of(expires).filter(end -> !end.equals(Instant.MAX)),
        "");
  }

  private void hold(Duration duration) {
    life = duration;
    expires = life.isZero() ? Instant.MAX : Instant.now().plus(life);
  }

  private LoginToken lookUp(VaultToken unknown) {
    VaultResponse response =
        rest.exchange(
                "auth/token/lookup-self",
                HttpMethod.GET,
                new HttpEntity<>(VaultHttpHeaders.from(unknown)),
                VaultResponse.class)
            .getBody();
    Map<String, Object> data = response == null ? null : response.getData();
    if (data == null) {
      return LoginToken.of(unknown.toCharArray());
    }
    Duration ttl = Duration.ofSeconds(((Number) data.getOrDefault("ttl", 0)).longValue());
    return LoginToken.builder()
        .token(unknown.getToken())
        .leaseDuration(ttl)
        .renewable(Boolean.TRUE.equals(data.get("renewable")))
        .accessor(String.valueOf(data.getOrDefault("accessor", "")))
        .build();
  }

  private void well() {
    if (!trouble.isEmpty()) {
      LOG.info("Vault lets us in again");
    }
    trouble = "";
    failures = 0;
    if (!life.isZero()) {
      schedule(jittered(life.multipliedBy(2).dividedBy(3)));
    }
  }

  private void failed(CredentialsException told) {
    if (!told.getMessage().equals(trouble)) {
      LOG.warn(
          "{}; {}{}",
          told.getMessage(),
          told.remedy(),
          expires().map(until -> "; what is held is good until " + until).orElse(""));
    }
    trouble = told.getMessage();
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    failures++;
    schedule(jittered(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE));
  }

  private static Duration jittered(Duration pause) {
    long millis = Math.max(1, pause.toMillis());
    return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 10 + 1));
  }

  private void schedule(Duration pause) {
    if (!closed && !scheduled) {
      scheduled = true;
      var unused = timer.schedule(this::refresh, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void refresh() {
    scheduled = false;
    if (closed) {
      return;
    }
    try {
      if (token == null || !renewable || !renewed()) {
        login();
      }
    } catch (CredentialsException e) {
      LOG.debug("Login is tried again: {}", e.getMessage());
    }
  }

  /** Whether the token lives on, as long as before; near its maximum life Vault gives less. */
  private boolean renewed() {
    Duration before = life;
    try {
      VaultResponse response =
          rest.exchange(
                  "auth/token/renew-self",
                  HttpMethod.POST,
                  new HttpEntity<>(Map.of(), VaultHttpHeaders.from(token)),
                  VaultResponse.class)
              .getBody();
      Object seconds = response == null ? null : response.getAuth().get("lease_duration");
      Duration longer =
          Duration.ofSeconds(seconds instanceof Number number ? number.longValue() : 0);
      if (longer.multipliedBy(2).compareTo(before) < 0) {
        return false;
      }
      hold(longer);
      life = before;
      well();
      return true;
    } catch (RuntimeException e) {
      if (VaultErrors.isPassing(e)) {
        throw passing(e);
      }
      return false;
    }
  }

  private CredentialsException passing(RuntimeException e) {
    CredentialsException told = VaultErrors.of("renewal of the login", e);
    failed(told);
    return told;
  }

  /** Gives a login of ours back, so that its token and leases end with the process. */
  @Override
  public synchronized void close() {
    closed = true;
  }

  /** Revokes the token, and with it what was leased under it. */
  synchronized void revoke() {
    if (token == null) {
      return;
    }
    try {
      rest.exchange(
          "auth/token/revoke-self",
          HttpMethod.POST,
          new HttpEntity<>(Map.of(), VaultHttpHeaders.from(token)),
          Void.class);
    } catch (RuntimeException e) {
      LOG.debug(
          "The login could not be revoked: {}", VaultErrors.of("revoke-self", e).getMessage());
    }
  }
}
