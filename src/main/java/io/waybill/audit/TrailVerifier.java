package io.waybill.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Verifies a copy of a ledger's trail, which is read twice: first the events that say something of
 * the chain itself ({@link #MARKING}), then all of them in the order of the copy. Memory does not
 * grow with the trail. Not thread-safe.
 */
public final class TrailVerifier {
  /** Labels of the kinds to be given to {@link #mark}; others may be, and say nothing. */
  public static final List<String> MARKING =
      List.of(AuditKind.HEAD.label(), AuditKind.RETENTION.label(), AuditKind.LEDGER.label());

  private final String ledger;
  private final Marks marks;
  private final Map<Integer, ChainVerifier> chains = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private IntPredicate epochs = epoch -> epoch > 0;
  private long count;
  private int current;

  /**
   * For the events of one ledger.
   *
   * @param keys keys whose signatures count
   */
  public TrailVerifier(String ledger, TrustedKeys keys) {
    this.ledger = ledger;
    this.marks = new Marks(keys);
  }

  /** Takes what an event says of the chain. */
  public void mark(ChainEntry entry) {
    if (entry.ledger().equals(ledger)) {
      marks.take(entry);
    }
  }

  /**
   * Takes a head that was kept elsewhere; those of other ledgers are left out.
   *
   * @param tail whether the copy must reach as far as that
   */
  public void mark(SignedHead head, boolean tail) {
    if (head.ledger().equals(ledger)) {
      marks.take(head, head.seq(), "", tail);
    }
  }

  /**
   * Takes what somebody knows of an event.
   *
   * @param source who, in words
   * @param tail whether the copy must reach as far as this event
   */
  public void mark(ChainPoint point, String source, boolean tail) {
    marks.pin(point.epoch(), point.seq(), new Marks.Pin(point.hash(), source, tail));
  }

  /** Takes which epochs the ledger has, or may have had; events of others are made up. */
  public void onlyEpochs(IntPredicate known) {
    epochs = known;
  }

  /** Takes for whole what is up to this event, and not read. */
  public void startAfter(ChainPoint point) {
    marks.cut(point.epoch(), new Marks.Cut(point.seq(), point.hash()));
  }

  /** Takes with which event the hashes of an epoch begin. */
  public void markBegin(int epoch, long seq) {
    marks.begins(epoch, seq);
  }

  /** The next event, in the order of the copy. */
  public void entry(ChainEntry entry) {
    if (!entry.ledger().equals(ledger)) {
      find(
          new Finding(
              entry.ledger(),
              entry.epoch(),
              entry.seq(),
              entry.seq(),
              entry.kind(),
              Finding.Fault.INSERTED,
              "it is of another ledger than " + ledger));
      return;
    }
    if (!epochs.test(entry.epoch())) {
      find(
          new Finding(
              ledger,
              entry.epoch(),
              entry.seq(),
              entry.seq(),
              entry.kind(),
              Finding.Fault.INSERTED,
              "the ledger has no such epoch"));
      return;
    }
    current = entry.epoch();
    chain(current).entry(entry);
  }

  /**
   * A line that is no event stands here.
   *
   * @param place where, in words
   */
  public void unreadable(String place) {
    chain(Math.max(1, current)).unreadable(place);
  }

  private ChainVerifier chain(int epoch) {
    return chains.computeIfAbsent(
        epoch, each -> new ChainVerifier(ledger, each, marks, this::find));
  }

  private void find(Finding finding) {
    count++;
    if (findings.size() < AuditReport.MOST) {
      findings.add(finding);
    }
  }

  /** No further events: what came of it. */
  public AuditReport end() {
    marks.findings().forEach(this::find);
    marks.epochs().forEach(this::chain);
    chains.values().forEach(ChainVerifier::end);
    return new AuditReport(
        List.copyOf(findings),
        count,
        chains.values().stream()
            .map(ChainVerifier::seen)
            .filter(chain -> chain.events() > 0)
            .toList());
  }
}
