package io.waybill.ledger;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that needs a second person.
 *
 * @param number in the ledger; 0 before it is there
 * @param action as the policy calls it: {@code replay}, {@code backfill} ..., or {@code statement}
 * @param flow route id
 * @param environment the one that asks for it
 * @param rule line of the policy that asks for it
 * @param subject the order, JSON; of a statement the digest of its text
 * @param summary in words; no value of a record
 * @param by who wants it
 * @param at since when
 * @param expires when it is too late
 * @param decision what came of it
 */
public record ApprovalRow(
    long number,
    String action,
    String flow,
    String environment,
    String rule,
    String subject,
    String summary,
    String by,
    Instant at,
    Instant expires,
    Decision decision) {
  /** A statement of a query route, rather than an order. */
  public static final String STATEMENT = "statement";

  /** What became of it. */
  public enum State {
    /** Nobody has decided yet. */
    WAITING,
    /** A second person agreed. */
    APPROVED,
    /** A second person did not. */
    REJECTED,
    /** Nobody decided in time. */
    EXPIRED;

    /** As it is stored and shown. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String label) {
      return Arrays.stream(values())
          .filter(state -> state.label().equals(label))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no state of approvals: " + label));
    }
  }

  /**
   * A decision.
   *
   * @param by who decided; empty if nobody did
   * @param at when
   */
  public record Decision(State state, String by, Optional<Instant> at) {
    /** Nobody has decided. */
    public static final Decision NONE = new Decision(State.WAITING, "", Optional.empty());
  }

  /** What became of it by then: one whose time is over is expired before the ledger says so. */
  public State state(Instant now) {
    return decision.state() == State.WAITING && !isWaiting(now) ? State.EXPIRED : decision.state();
  }

  /** Whether it can still be decided. */
  public boolean isWaiting(Instant now) {
    return decision.state() == State.WAITING && now.isBefore(expires);
  }
}
