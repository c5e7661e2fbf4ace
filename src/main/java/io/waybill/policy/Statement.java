package io.waybill.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Kinds of statements that destroy, and that a query route may be kept from. */
public enum Statement {
  /** DROP, DETACH PERMANENTLY, ALTER .. DROP, CREATE OR REPLACE. */
  DROP,
  /** TRUNCATE. */
  TRUNCATE,
  /** DELETE FROM, ALTER .. DELETE. */
  DELETE,
  /** UPDATE, ALTER .. UPDATE. */
  UPDATE,
  /** ALTER of any other kind, RENAME, EXCHANGE. */
  ALTER,
  /** GRANT, REVOKE, and what makes users, roles, quotas and policies of the server. */
  GRANT,
  /** SYSTEM, KILL. */
  SYSTEM;

  /** As it stands in policy.yaml. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of this word. */
  public static Optional<Statement> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }
}
