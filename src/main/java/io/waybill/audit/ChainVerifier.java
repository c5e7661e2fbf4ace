package io.waybill.audit;

import io.waybill.audit.Finding.Fault;
import io.waybill.audit.Marks.Cut;
import io.waybill.audit.Marks.Pin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows one chain from its first event to its last as they stand in a copy, and names what is
 * wrong. What was changed with its own hash made to fit is found by the event behind it, whose hash
 * of the event before does not fit then; and with all behind it made to fit, by the next pin. Not
 * thread-safe.
 */
final class ChainVerifier {
  private final String ledger;
  private final int epoch;
  private final Marks marks;
  private final Consumer<Finding> findings;
  private final Gaps gaps = new Gaps();
  private Seen last = new Seen(0, "", false, true);
  private Seen suspect = last;
  private boolean suspicion;
  private long expected = 1;
  private long first;
  private long events;
  private long emptied;
  private long unhashed;

  ChainVerifier(String ledger, int epoch, Marks marks, Consumer<Finding> findings) {
    this.ledger = ledger;
    this.epoch = epoch;
    this.marks = marks;
    this.findings = findings;
  }

  /** What is remembered of an event. */
  private record Seen(long seq, String kind, boolean blamed, boolean unhashed, String hash) {
    Seen(long seq, String kind, boolean blamed, boolean unhashed) {
      this(seq, kind, blamed, unhashed, "");
    }
  }

  /** The next event, in the order of the copy. */
  void entry(ChainEntry entry) {
    if (entry.seq() < 1) {
      find(entry.seq(), entry.kind(), Fault.INSERTED, "the first event of an epoch is 1");
      return;
    }
    events++;
    if (first == 0) {
      begin(entry);
    } else if (entry.seq() < expected) {
      late(entry);
      return;
    } else if (entry.seq() > expected) {
      gaps.add(expected, entry.seq() - 1, last.seq());
    }
    follow(entry);
    expected = entry.seq() + 1;
  }

  /** A line that is no event stands here. */
  void unreadable(String place) {
    find(
        expected,
        "",
        Fault.UNREADABLE,
        "%s is no event; event %d was expected there".formatted(place, expected));
    gaps.excuse(expected);
  }

  private void begin(ChainEntry entry) {
    first = entry.seq();
    Optional<Cut> cut = marks.cut(epoch);
    long start = Math.max(marks.begin(epoch).orElse(1L), cut.map(Cut::seq).orElse(0L) + 1);
    if (first > start) {
      gaps.add(start, first - 1, 0);
    }
    boolean follows =
        cut.filter(each -> each.seq() == first - 1 && entry.isHashed())
            .map(each -> each.hash().equals(entry.previous()))
            .orElse(true);
    if (!follows) {
      find(
          first,
          entry.kind(),
          Fault.CHANGED,
          "it does not go on from event %d, which retention took away".formatted(first - 1));
    }
    if (first == 1
        && epoch == 1
        && entry.isHashed()
        && !entry.previous().equals(ChainPoint.NOTHING)) {
      find(1, entry.kind(), Fault.CHANGED, "it says that an event was before it");
    }
  }

  /** What comes after an event with a greater number. */
  private void late(ChainEntry entry) {
    Optional<Long> behind = gaps.fill(entry.seq());
    if (behind.isPresent()) {
      find(
          entry.seq(),
          entry.kind(),
          Fault.REORDERED,
          "it stands behind event %d".formatted(expected - 1));
    } else {
      find(
          entry.seq(),
          entry.kind(),
          Fault.INSERTED,
          "there is another event of this number%s"
              .formatted(entry.intact() ? "" : ", and this one is not what its hash says"));
    }
  }

  private void follow(ChainEntry entry) {
    boolean blamed = own(entry) || pinned(entry);
    Seen now = new Seen(entry.seq(), entry.kind(), blamed, !entry.isHashed(), entry.hash());
    boolean joined = !last.unhashed() && !now.unhashed() && last.seq() == now.seq() - 1;
    if (joined) {
      link(now, entry.previous().equals(last.hash()));
    } else {
      accuse(suspect);
      if (hashesBeginAt(entry) && !entry.previous().equals(ChainPoint.NOTHING)) {
        find(
            last.seq(),
            last.kind(),
            Fault.CHANGED,
            "it has lost its hash, which the event behind it names");
      }
    }
    last = now;
  }

  private boolean hashesBeginAt(ChainEntry entry) {
    return entry.isHashed()
        && last.unhashed()
        && !last.blamed()
        && last.seq() > 0
        && last.seq() == entry.seq() - 1;
  }

  /** Whether an event by itself is not what it was. */
  private boolean own(ChainEntry entry) {
    if (!entry.isHashed()) {
      return isWithoutHash(entry);
    }
    if (!entry.intact()) {
      find(entry.seq(), entry.kind(), Fault.CHANGED, "it is not what its hash says");
      return true;
    }
    if (entry.isPruned()) {
      emptied++;
      if (!marks.covers(entry.kind(), entry.time())) {
        find(
            entry.seq(),
            entry.kind(),
            Fault.EMPTIED,
            "its content is gone, and no retention took it");
        return true;
      }
    }
    return false;
  }

  private boolean isWithoutHash(ChainEntry entry) {
    boolean before = marks.begin(epoch).map(begin -> entry.seq() < begin).orElse(last.unhashed());
    if (before) {
      unhashed++;
      return false;
    }
    find(entry.seq(), entry.kind(), Fault.CHANGED, "it has lost its hash");
    return true;
  }

  private boolean pinned(ChainEntry entry) {
    for (Pin pin : marks.pins(epoch).getOrDefault(entry.seq(), List.of())) {
      if (entry.isHashed() && !pin.hash().equals(entry.hash())) {
        find(
            entry.seq(),
            entry.kind(),
            Fault.CHANGED,
            "it is not the event that %s knows; it or an event before it was changed, and what follows was made to fit"
                .formatted(pin.source()));
        return true;
      }
    }
    return false;
  }

  /** Two events that stand side by side: which one is to blame shows at the next pair. */
  private void link(Seen now, boolean fits) {
    if (suspicion) {
      suspicion = false;
      if (!fits && !now.blamed()) {
        blame(last);
        return;
      }
      blame(suspect);
    }
    if (!fits && !last.blamed() && !now.blamed()) {
      suspect = last;
      suspicion = true;
    }
  }

  /** There is no further pair to tell. */
  private void accuse(Seen accused) {
    if (suspicion) {
      suspicion = false;
      blame(accused);
    }
  }

  private void blame(Seen guilty) {
    find(
        guilty.seq(),
        guilty.kind(),
        Fault.CHANGED,
        "its hash fits it, but not the event beside it: it was changed and hashed anew");
  }

  /** No further events. */
  void end() {
    accuse(suspect);
    long cut = marks.cut(epoch).map(Cut::seq).orElse(0L);
    gaps.each(
        (from, to) ->
            findings.accept(
                new Finding(
                    ledger,
                    epoch,
                    from,
                    to,
                    "",
                    Fault.REMOVED,
                    from == to ? "it is not there" : "they are not there")));
    Map.Entry<Long, List<Pin>> tail =
        marks.pins(epoch).descendingMap().entrySet().stream()
            .filter(pin -> pin.getValue().stream().anyMatch(Pin::tail))
            .findFirst()
            .orElse(null);
    if (tail != null && tail.getKey() >= expected && tail.getKey() > cut) {
      findings.accept(
          new Finding(
              ledger,
              epoch,
              Math.max(expected, cut + 1),
              tail.getKey(),
              "",
              Fault.TRUNCATED,
              "the end is missing: %s knows event %d"
                  .formatted(source(tail.getValue()), tail.getKey())));
    }
  }

  private static String source(List<Pin> pins) {
    return pins.stream().filter(Pin::tail).map(Pin::source).findFirst().orElse("");
  }

  /** What was seen. */
  AuditReport.Chain seen() {
    return new AuditReport.Chain(
        ledger, epoch, first, expected - 1, events, emptied, unhashed, marks.head(epoch));
  }

  private void find(long seq, String kind, Fault fault, String text) {
    findings.accept(new Finding(ledger, epoch, seq, seq, kind, fault, text));
  }
}
