package io.waybill.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known of a ledger's chains before they are read: hashes that events must have, by signed
 * heads, by adoptions and by whoever counts, and what retention took away. Not thread-safe.
 */
final class Marks {
  private final TrustedKeys keys;
  private final Map<Integer, NavigableMap<Long, List<Pin>>> pins = new TreeMap<>();
  private final Map<Integer, Cut> cuts = new HashMap<>();
  private final Map<Integer, Long> begins = new HashMap<>();
  private final Map<Integer, SignedHead> heads = new TreeMap<>();
  private final Map<String, String> pruned = new HashMap<>();
  private final Set<String> unknown = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();

  Marks(TrustedKeys keys) {
    this.keys = keys;
  }

  /**
   * The hash that an event must have.
   *
   * @param source who says so, in words
   * @param tail whether the copy must reach as far as this event
   */
  record Pin(String hash, String source, boolean tail) {}

  /** Events up to this one were forgotten, and this was its hash. */
  record Cut(long seq, String hash) {}

  void pin(int epoch, long seq, Pin pin) {
    if (seq > 0) {
      pins.computeIfAbsent(epoch, each -> new TreeMap<>())
          .computeIfAbsent(seq, each -> new ArrayList<>())
          .add(pin);
    }
  }

  /** Takes what an event says of the chain; other kinds say nothing. */
  void take(ChainEntry entry) {
    SignedHead.of(entry).ifPresent(head -> take(head, entry.seq(), entry.kind(), true));
    if (entry.kind().equals(AuditKind.RETENTION.label()) && !entry.isPruned()) {
      retention(entry);
    }
    if (entry.kind().equals(AuditKind.LEDGER.label())
        && entry.text(AuditField.ACTION).equals(TrailActions.ADOPT)) {
      pin(
          (int) entry.number(AuditField.POSITION_FROM),
          entry.number(AuditField.POSITION_TO),
          new Pin(entry.previous(), "the epoch that goes on from it", false));
    }
  }

  private void retention(ChainEntry entry) {
    switch (entry.text(AuditField.ACTION)) {
      case TrailActions.PRUNE_EVENTS ->
          pruned.merge(
              entry.text(AuditField.SOURCE),
              entry.text(AuditField.UNTIL),
              (one, other) -> one.compareTo(other) > 0 ? one : other);
      case TrailActions.CUT ->
          cut(
              (int) entry.number(AuditField.POSITION_FROM),
              new Cut(entry.number(AuditField.POSITION_TO), entry.text(AuditField.DIGEST)));
      default -> {
        // other retention takes nothing out of the trail
      }
    }
  }

  void cut(int epoch, Cut cut) {
    cuts.merge(epoch, cut, (one, other) -> one.seq() > other.seq() ? one : other);
  }

  /**
   * Takes a signed head.
   *
   * @param at number of the event to name if it is not genuine
   * @param tail whether the copy must reach as far as that
   */
  void take(SignedHead head, long at, String kind, boolean tail) {
    if (!head.isGenuine()) {
      findings.add(
          new Finding(
              head.ledger(),
              head.epoch(),
              at,
              at,
              kind,
              Finding.Fault.FORGED,
              "the signature is not that of event %d with this hash".formatted(head.seq())));
      return;
    }
    if (!keys.has(head.publicKey())) {
      if (unknown.add(head.publicKey())) {
        findings.add(
            new Finding(
                head.ledger(),
                head.epoch(),
                at,
                at,
                kind,
                Finding.Fault.UNKNOWN_KEY,
                "signed by key %s (%s), which nobody here vouches for; if you know it, give its file by --public-key"
                    .formatted(TrustedKeys.fingerprint(head.publicKey()), head.key())));
      }
      return;
    }
    begins.merge(head.epoch(), head.from(), Math::min);
    heads.merge(head.epoch(), head, (one, other) -> one.seq() >= other.seq() ? one : other);
    pin(
        head.epoch(),
        head.seq(),
        new Pin(head.hash(), "the head that was signed at " + head.time(), tail));
  }

  /** Notes with which event the hashes of an epoch begin. */
  void begins(int epoch, long seq) {
    begins.merge(epoch, seq, Math::min);
  }

  NavigableMap<Long, List<Pin>> pins(int epoch) {
    return pins.getOrDefault(epoch, new TreeMap<>());
  }

  Set<Integer> epochs() {
    return pins.keySet();
  }

  Optional<Cut> cut(int epoch) {
    return Optional.ofNullable(cuts.get(epoch));
  }

  /** Number of the first event with a hash, if that is known. */
  Optional<Long> begin(int epoch) {
    return Optional.ofNullable(begins.get(epoch));
  }

  /** The last head of an epoch that is genuine and by a known key. */
  Optional<SignedHead> head(int epoch) {
    return Optional.ofNullable(heads.get(epoch));
  }

  /** Whether retention may have taken the content of an event of this kind and time. */
  boolean covers(String kind, String time) {
    return time.compareTo(pruned.getOrDefault(kind, "")) < 0;
  }

  List<Finding> findings() {
    return findings;
  }
}
