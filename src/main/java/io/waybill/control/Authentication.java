package io.waybill.control;

import java.net.URI;
import java.util.Optional;

/**
 * Finds out who somebody is. Methods that throw {@link UnauthenticatedException} may wait for a
 * provider or for Vault. Thread-safe.
 */
public interface Authentication {

  /**
   * How somebody can say who he is.
   *
   * @param tokens by a bearer token
   * @param logins by a login at a provider, by a browser
   */
  record Ways(boolean tokens, boolean logins) {}

  /** What there is. */
  Ways ways();

  /** Who it is that says nothing; empty if everybody must say who he is. */
  Optional<Caller> anybody();

  /** Whose bearer token this is. */
  Caller ofToken(String token) throws UnauthenticatedException;

  /** Whose session this is. */
  Caller ofSession(String id) throws UnauthenticatedException;

  /** Whether what a caller showed is still good; asks nobody. */
  boolean isGood(Caller caller);

  /**
   * A login that a browser begins.
   *
   * @param location where it is to go
   * @param browser what it must show when it comes back
   */
  record Begun(URI location, String browser) {}

  /**
   * Begins a login.
   *
   * @param redirect where the browser comes back to
   */
  Begun begin(String redirect) throws UnauthenticatedException;

  /**
   * Ends a login.
   *
   * @param browser what the browser shows
   * @return id of a new session
   */
  String finish(String state, String code, String browser) throws UnauthenticatedException;

  /**
   * Ends a session.
   *
   * @param back where the browser comes back to
   * @return where the browser may end its session with the provider too
   */
  Optional<URI> logout(Caller caller, String back);
}
