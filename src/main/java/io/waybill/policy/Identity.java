package io.waybill.policy;

import java.util.Map;
import java.util.Set;

/**
 * Who asks. Immutable.
 *
 * @param name how it is called: a person's name, that of a token, or a role for a flow
 * @param source who vouches for the name: one of the constants here
 * @param claims what an OIDC provider says of it, by claim; empty for others
 */
public record Identity(String name, String source, Map<String, Set<String>> claims) {
  /** Vouched for by a verified token of an OIDC provider; only these have claims. */
  public static final String OIDC = "oidc";

  /** The name of a static token. */
  public static final String TOKEN = "token";

  /** A user of the machine that Waybill runs on. */
  public static final String LOCAL = "local";

  /** An entity of Vault. */
  public static final String VAULT = "vault";

  /** A flow: its name is the role under which it works, and its only role. */
  public static final String FLOW = "flow";

  public Identity {
    claims = Map.copyOf(claims);
  }

  /** A flow that works under this role. */
  public static Identity flow(String role) {
    return new Identity(role, FLOW, Map.of());
  }

  /** A user of this machine. */
  public static Identity local(String name) {
    return new Identity(name, LOCAL, Map.of());
  }

  /** Whoever holds the static token of this name. */
  public static Identity token(String name) {
    return new Identity(name, TOKEN, Map.of());
  }

  /** An entity of Vault. */
  public static Identity vault(String name) {
    return new Identity(name, VAULT, Map.of());
  }

  /** Somebody of whom an OIDC provider says this. */
  public static Identity oidc(String name, Map<String, Set<String>> claims) {
    return new Identity(name, OIDC, claims);
  }

  /** As people read it: {@code local:anna}; a flow by its role. */
  @Override
  public String toString() {
    return source.equals(FLOW) ? "role " + name : source + ":" + name;
  }
}
