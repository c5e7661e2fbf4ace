package io.waybill.control;

import io.waybill.policy.Identity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Who asks at a door, as it was found out there.
 *
 * @param who the identity
 * @param until when the proof of it ends; empty if it does not by itself
 * @param session session of a browser that it is logged in by, if it is
 * @param csrf what orders of that session must show; empty without one
 */
public record Caller(Identity who, Optional<Instant> until, Optional<String> session, String csrf) {

  /** Somebody of whom nothing is known, where nobody need say who he is. */
  public static final Caller ANYBODY = of(new Identity("management API", "", Map.of()));

  /** Somebody who proves it with each request. */
  public static Caller of(Identity who) {
    return new Caller(who, Optional.empty(), Optional.empty(), "");
  }

  /** As ledger and audit trail name it: {@code anna@oidc}. */
  public static String signature(Identity who) {
    return who.source().isEmpty() ? who.name() : who.name() + "@" + who.source();
  }
}
