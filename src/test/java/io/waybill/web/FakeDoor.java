package io.waybill.web;

import io.waybill.control.Authentication;
import io.waybill.control.Caller;
import io.waybill.control.UnauthenticatedException;
import io.waybill.policy.Identity;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Lets everybody in, or those who have a token; knows one login. */
final class FakeDoor implements Authentication {
  private final Map<String, String> tokens;
  private final Map<String, Caller> sessions = new ConcurrentHashMap<>();

  /** Whether who has to be asked for tokens is away. */
  volatile boolean away;

  /** Where the browser was told to come back to. */
  volatile String redirect = "";

  private FakeDoor(Map<String, String> tokens) {
    this.tokens = tokens;
  }

  static FakeDoor open() {
    return new FakeDoor(Map.of());
  }

  /** For these names by their tokens. */
  static FakeDoor of(Map<String, String> namesByToken) {
    return new FakeDoor(namesByToken);
  }

  @Override
  public Ways ways() {
    return new Ways(!tokens.isEmpty(), !tokens.isEmpty());
  }

  @Override
  public Optional<Caller> anybody() {
    return tokens.isEmpty() ? Optional.of(Caller.ANYBODY) : Optional.empty();
  }

  @Override
  public Caller ofToken(String token) throws UnauthenticatedException {
    if (away) {
      throw UnauthenticatedException.away("nobody answers", "wait");
    }
    String name = tokens.get(token);
    if (name == null) {
      throw UnauthenticatedException.refused("the token is wrong", "send another");
    }
    return Caller.of(Identity.token(name));
  }

  @Override
  public Caller ofSession(String id) throws UnauthenticatedException {
    Caller caller = sessions.get(id);
    if (caller == null) {
      throw UnauthenticatedException.refused("the session has ended", "log in");
    }
    return caller;
  }

  @Override
  public boolean isGood(Caller caller) {
    return caller.session().map(sessions::containsKey).orElse(true);
  }

  @Override
  public Begun begin(String to) {
    redirect = to;
    return new Begun(URI.create("https://provider.example/authorize?state=s"), "the-browser");
  }

  @Override
  public String finish(String state, String code, String browser) throws UnauthenticatedException {
    if (!state.equals("s") || !browser.equals("the-browser")) {
      throw UnauthenticatedException.refused("no <login> of ours", "begin anew");
    }
    Identity who = Identity.oidc("anna", Map.of());
    sessions.put("the-session", new Caller(who, Optional.empty(), Optional.of("the-session"), "c"));
    return "the-session";
  }

  @Override
  public Optional<URI> logout(Caller caller, String back) {
    caller.session().ifPresent(sessions::remove);
    return Optional.empty();
  }
}
