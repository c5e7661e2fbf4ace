package io.waybill.audit;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an audit event tells of. */
public enum AuditKind {
  /** A batch was settled. */
  BATCH("batch", "a batch was settled"),
  /** A run began, went on or ended. */
  RUN("run", "a run began, went on or ended"),
  /** Dead letters of a batch were replayed or discarded. */
  DEAD_LETTERS("dead-letters", "some of a batch were replayed or discarded"),
  /** Rows of a batch were not in its table any more. */
  RECONCILE("reconcile", "rows of a batch were missing in its table"),
  /** A route file was loaded, changed, removed or refused. */
  ROUTE_FILE("route-file", "a route file was loaded, changed, removed or refused"),
  /** A person ordered something of the process. */
  ORDER("order", "somebody ordered something, as trigger, rerun, pause, cancel"),
  /** Somebody, or Waybill itself, logged in somewhere. */
  LOGIN("login", "a login, of Waybill to Vault or of a person"),
  /** Credentials were leased, renewed or given back. */
  LEASE("lease", "credentials were leased, renewed or revoked"),
  /** Something was not allowed. */
  DENIED("denied", "something was not allowed"),
  /** The policy was loaded, changed or refused. */
  POLICY("policy", "the policy was loaded, changed or refused"),
  /** Somebody approved or refused what somebody else wants. */
  APPROVAL("approval", "somebody asked for, gave or refused an approval"),
  /** The ledger was adopted or backed up. */
  LEDGER("ledger", "the ledger was adopted or backed up"),
  /** What was settled long ago was forgotten. */
  RETENTION("retention", "detail of the ledger, or events, were pruned"),
  /** The chain was signed up to an event. */
  HEAD("head", "the chain was signed");

  private final String label;
  private final String meaning;

  AuditKind(String label, String meaning) {
    this.label = label;
    this.meaning = meaning;
  }

  /** As it is written in an event. */
  public String label() {
    return label;
  }

  /** For documentation. */
  public String meaning() {
    return meaning;
  }

  /** The kind of this label; empty for one that a later version knows. */
  public static Optional<AuditKind> of(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
  }

  /** All labels, for messages. */
  public static String labels() {
    return Arrays.stream(values()).map(AuditKind::label).collect(Collectors.joining(", "));
  }
}
