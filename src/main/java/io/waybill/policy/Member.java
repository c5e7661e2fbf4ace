package io.waybill.policy;

import java.util.Map;
import java.util.Set;

/** Whom a role belongs to. */
public sealed interface Member {

  /** Whether it means this identity. */
  boolean matches(Identity who);

  /**
   * Everybody of whom an OIDC provider says all of this: a claim that is, or contains, a value.
   *
   * @param values by claim
   */
  record Claims(Map<String, String> values) implements Member {
    public Claims {
      values = Map.copyOf(values);
    }

    @Override
    public boolean matches(Identity who) {
      return who.source().equals(Identity.OIDC)
          && values.entrySet().stream()
              .allMatch(
                  each ->
                      who.claims().getOrDefault(each.getKey(), Set.of()).contains(each.getValue()));
    }

    @Override
    public String toString() {
      return "claim " + values;
    }
  }

  /** An entity of Vault. */
  record Vault(String name) implements Member {
    @Override
    public boolean matches(Identity who) {
      return who.source().equals(Identity.VAULT) && who.name().equals(name);
    }

    @Override
    public String toString() {
      return "vault " + name;
    }
  }

  /** A user of the machine, or the holder of the static token of that name. */
  record Local(String name) implements Member {
    @Override
    public boolean matches(Identity who) {
      return (who.source().equals(Identity.LOCAL) || who.source().equals(Identity.TOKEN))
          && who.name().equals(name);
    }

    @Override
    public String toString() {
      return "local " + name;
    }
  }
}
