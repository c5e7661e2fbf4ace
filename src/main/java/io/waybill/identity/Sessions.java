package io.waybill.identity;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is logged in by a browser. A session lives in memory; it lasts as long as the provider goes
 * on saying who that is, which it is asked whenever what it said has expired, and ends after a
 * while in any case. Thread-safe; methods may wait for the provider.
 */
public final class Sessions {
  private static final int MOST = 10_000;
  private final Provider provider;
  private final CodeLogin logins;
  private final Duration longest;
  private final Clock clock;

  /** By the hash of their ids, so that no dump of memory is a way in; the oldest first. */
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  /**
   * Of logins.
   *
   * @param longest when a session ends in any case
   */
  public Sessions(Provider provider, CodeLogin logins, Duration longest, Clock clock) {
    this.provider = provider;
    this.logins = logins;
    this.longest = longest;
    this.clock = clock;
  }

  /**
   * A session as its browser knows it.
   *
   * @param id what the browser shows from now on
   * @param who who it is
   */
  public record Opened(String id, Verified who) {}

  /**
   * A session as it is asked for.
   *
   * @param who who it is
   * @param csrf what its pages must show when they order something
   */
  public record Live(Verified who, String csrf) {}

  /**
   * Opens one by a login that came back.
   *
   * @throws RefusedTokenException if the login is no good
   */
  public Opened open(String state, String code, String browser)
      throws RefusedTokenException, ProviderException {
    CodeLogin.Done done = logins.finish(state, code, browser);
    String id = RandomText.make();
    Session session = new Session(done.who(), done.tokens(), clock.instant().plus(longest));
    synchronized (sessions) {
      Instant now = clock.instant();
      sessions.values().removeIf(each -> !now.isBefore(each.end()));
      if (sessions.size() >= MOST) {
        sessions.remove(sessions.keySet().iterator().next());
      }
      sessions.put(key(id), session);
    }
    return new Opened(id, done.who());
  }

  private static String key(String id) {
    return RandomText.encoded(RandomText.sha256(id));
  }

  /** Whose session it is; empty if it has ended. */
  public Optional<Live> of(String id) throws ProviderException {
    String key = key(id);
    Optional<Session> found = find(key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Session session = found.get();
    if (!isGood(session)) {
      end(key);
      return Optional.empty();
    }
    return Optional.of(new Live(session.who(), session.csrf()));
  }

  /** Whether it goes on, without asking anybody. */
  public boolean isOpen(String id) {
    return find(key(id)).filter(each -> clock.instant().isBefore(each.end())).isPresent();
  }

  private Optional<Session> find(String key) {
    synchronized (sessions) {
      return Optional.ofNullable(sessions.get(key));
    }
  }

  private boolean isGood(Session session) throws ProviderException {
    if (!clock.instant().isBefore(session.end())) {
      return false;
    }
    // one request asks the provider; the others wait for what it says
    synchronized (session) {
      return clock.instant().isBefore(session.who().until()) || renewed(session);
    }
  }

  private boolean renewed(Session session) throws ProviderException {
    if (session.refresh().isEmpty()) {
      return false;
    }
    try {
      Tokens tokens = logins.tokens().byRefresh(session.refresh());
      if (tokens.id().isEmpty()) {
        return false;
      }
      Verified again = logins.verifier().verify(tokens.id().reveal());
      // another person's token in answer to this one's is a provider that is not to be trusted
      boolean same =
          again.who().claims().get("sub").equals(session.who().who().claims().get("sub"));
      if (same) {
        session.renewed(again, tokens);
      }
      return same;
    } catch (RefusedTokenException e) {
      return false;
    } catch (ProviderException e) {
      if (e.isRefusal()) {
        return false;
      }
      throw e;
    }
  }

  private Optional<Session> end(String key) {
    synchronized (sessions) {
      return Optional.ofNullable(sessions.remove(key));
    }
  }

  /**
   * Ends a session.
   *
   * @param back where the browser comes back to from the provider
   * @return where it may go to end its session with the provider as well; empty if there was none,
   *     or the provider has no such place
   */
  public Optional<URI> close(String id, String back) {
    Optional<Session> ended = end(key(id));
    try {
      Optional<URI> place = provider.metadata().endSession();
      return ended.flatMap(
          session ->
              place.map(
                  uri ->
                      URI.create(
                          "%s%sclient_id=%s&post_logout_redirect_uri=%s&id_token_hint=%s"
                              .formatted(
                                  uri,
                                  uri.getRawQuery() == null ? "?" : "&",
                                  ProviderHttp.encoded(provider.settings().clientId()),
                                  ProviderHttp.encoded(back),
                                  ProviderHttp.encoded(session.idToken().reveal())))));
    } catch (ProviderException e) {
      return Optional.empty(); // ours has ended; that of the provider ends there
    }
  }
}
