package io.waybill.identity;

import io.waybill.secret.Secret;
import java.time.Instant;

/**
 * Somebody who is logged in. Its lock is held while the provider is asked for it.
 *
 * <p>Guarded by itself.
 */
final class Session {
  private final Instant end;
  private final String csrf = RandomText.make();
  private Verified who;
  private Secret refresh;
  private Secret idToken;

  Session(Verified who, Tokens tokens, Instant end) {
    this.who = who;
    this.refresh = tokens.refresh();
    this.idToken = tokens.id();
    this.end = end;
  }

  /** When it ends whatever the provider says. */
  Instant end() {
    return end;
  }

  /** What its pages must show when they order something. */
  String csrf() {
    return csrf;
  }

  synchronized Verified who() {
    return who;
  }

  synchronized Secret idToken() {
    return idToken;
  }

  /** What the provider is asked by next; empty if it gave nothing. */
  synchronized Secret refresh() {
    return refresh;
  }

  synchronized void renewed(Verified again, Tokens tokens) {
    who = again;
    idToken = tokens.id();
    if (!tokens.refresh().isEmpty()) {
      refresh = tokens.refresh();
    }
  }
}
