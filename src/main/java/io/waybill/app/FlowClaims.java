package io.waybill.app;

import io.waybill.delivery.Claims.Claim;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import io.waybill.ledger.JdbcLedger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which of the processes that share a ledger delivers a flow: one at a time, unless its source is
 * parted among them, as the partitions of a topic are. Others take over when it ends, if the source
 * offers again what was not settled; else the flow stays with the home whose spool has what it
 * brought. Thread-safe.
 */
final class FlowClaims {
  private static final Set<String> PARTED = Set.of("kafka");
  private static final Set<String> OFFERED_AGAIN = Set.of("file", "ftp", "ftps", "sftp", "aws2-s3");

  private final JdbcLedger ledger;
  private final Function<String, String> schemes;
  private final Map<String, Claim> claimed = new HashMap<>();

  /**
   * Claims in this ledger.
   *
   * @param schemes scheme of the source of a flow
   */
  FlowClaims(JdbcLedger ledger, Function<String, String> schemes) {
    this.ledger = ledger;
    this.schemes = schemes;
  }

  /**
   * Why this process may not deliver a flow now; if there is no reason it has claimed it.
   *
   * @throws io.waybill.delivery.LedgerException if nobody can tell
   */
  synchronized Optional<Failure> objection(String flow) {
    String scheme = ledger.claims().shared() ? schemes.apply(flow) : "";
    if (!ledger.claims().shared() || PARTED.contains(scheme)) {
      return Optional.empty();
    }
    Claim claim = claimed.get(flow);
    if (claim != null && claim.isHeld()) {
      return Optional.empty();
    }
    if (claim != null) {
      claim.close();
      claimed.remove(flow);
    }
    Optional<Claim> now = ledger.claims().claim(flow, "");
    if (now.isEmpty()) {
      return Optional.of(
          elsewhere(
              "another process that shares the ledger delivers flow " + flow,
              "it goes on here by itself when that process has ended; two flows need two names"));
    }
    if (!OFFERED_AGAIN.contains(scheme)) {
      Optional<String> home = ledger.otherHomeOf(flow);
      if (home.isPresent()) {
        now.get().close();
        return Optional.of(
            elsewhere(
                "what flow %s brought is in the spool of %s".formatted(flow, home.get()),
                "let Waybill run there, or see docs/operations.md#a-ledger-on-postgresql for how to move it"));
      }
    }
    claimed.put(flow, now.get());
    return Optional.empty();
  }

  /** Whether this process delivers a flow. */
  synchronized boolean isHere(String flow) {
    Claim claim = claimed.get(flow);
    return claim != null && claim.isHeld();
  }

  private static Failure elsewhere(String reason, String remedy) {
    return new Failure(Verdict.HOLD, 0, "FLOW_ELSEWHERE", reason, remedy);
  }
}
