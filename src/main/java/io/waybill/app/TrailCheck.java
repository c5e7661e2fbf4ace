package io.waybill.app;

import io.waybill.audit.AuditReport;
import io.waybill.audit.ChainEntry;
import io.waybill.audit.ChainPoint;
import io.waybill.audit.ExportProof;
import io.waybill.audit.Finding;
import io.waybill.audit.SignedHead;
import io.waybill.audit.TrailVerifier;
import io.waybill.audit.TrustedKeys;
import io.waybill.ledger.TrailChain;
import io.waybill.ledger.TrailRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Gives each copy of a trail to the verifier, with what is known of it from elsewhere. */
final class TrailCheck {
  private final TrustedKeys keys;
  private final List<SignedHead> heads;

  /**
   * With these.
   *
   * @param heads that were kept beside the trail or elsewhere
   */
  TrailCheck(TrustedKeys keys, List<SignedHead> heads) {
    this.keys = keys;
    this.heads = heads;
  }

  /**
   * Verifies the ledger.
   *
   * @param chains as the ledger counts them; asked before it is read
   */
  AuditReport ledger(List<TrailChain> chains, LedgerTrail trail) {
    TrailVerifier verifier = verifier(chains);
    Map<Integer, TrailChain> known = byEpoch(chains);
    int current = chains.get(chains.size() - 1).last().epoch();
    for (SignedHead head : heads) {
      TrailChain chain = known.get(head.epoch());
      boolean ofThis = chain != null && head.seq() <= chain.last().seq();
      // an epoch that was left by adoption ended where the restored ledger ended
      if (ofThis || head.epoch() >= current) {
        verifier.mark(head, true);
      }
    }
    verifier.onlyEpochs(known::containsKey);
    chains.forEach(chain -> verifier.mark(chain.last(), "the ledger's own count", true));
    trail.marks(verifier::mark);
    trail.all(line -> take(verifier, line));
    return verifier.end();
  }

  /**
   * Verifies what ClickHouse has; it must be all that the ledger says has arrived.
   *
   * @param trail the ledger's copy
   */
  AuditReport clickHouse(List<TrailChain> chains, LedgerTrail trail, ClickHouseTrail copy) {
    TrailVerifier verifier = verifier(chains);
    Map<Integer, TrailChain> known = byEpoch(chains);
    for (SignedHead head : heads) {
      TrailChain chain = known.get(head.epoch());
      verifier.mark(head, chain != null && head.seq() <= chain.sent());
    }
    for (TrailChain chain : chains) {
      int epoch = chain.last().epoch();
      trail.range(
          new TrailRange(epoch, chain.sent(), chain.sent()),
          line ->
              ChainEntry.parse(line.text())
                  .filter(ChainEntry::isHashed)
                  .ifPresent(
                      last ->
                          verifier.mark(
                              new ChainPoint(last.ledger(), epoch, chain.sent(), last.hash()),
                              "the ledger",
                              true)));
    }
    // a copy of this ledger that is lost may have had epochs in between
    int newest = chains.get(chains.size() - 1).last().epoch();
    verifier.onlyEpochs(epoch -> epoch > 0 && epoch <= newest);
    copy.marks(verifier::mark);
    copy.all(line -> take(verifier, line));
    return verifier.end();
  }

  private TrailVerifier verifier(List<TrailChain> chains) {
    TrailVerifier verifier = new TrailVerifier(chains.get(0).last().ledger(), keys);
    chains.forEach(chain -> verifier.markBegin(chain.last().epoch(), chain.from()));
    return verifier;
  }

  private static Map<Integer, TrailChain> byEpoch(List<TrailChain> chains) {
    return chains.stream().collect(Collectors.toMap(chain -> chain.last().epoch(), chain -> chain));
  }

  /** Verifies a file of which nothing is known: what was cut off at its ends is not found. */
  AuditReport file(FileTrail file) {
    ChainEntry first =
        file.first()
            .orElseThrow(
                () -> new ConfigurationException(List.of("there is no audit event in the file")));
    TrailVerifier verifier = new TrailVerifier(first.ledger(), keys);
    verifier.startAfter(
        new ChainPoint(first.ledger(), first.epoch(), first.seq() - 1, first.previous()));
    return read(verifier, file);
  }

  /** Verifies a file by its proof. */
  AuditReport file(Path file, ExportProof proof) throws IOException {
    List<Finding> findings = new ArrayList<>();
    Optional<Finding> objection = proof.objection(keys);
    objection.ifPresent(findings::add);
    if (!AuditExport.sha256(file).equals(proof.digest())) {
      findings.add(
          proof.objection(
              Finding.Fault.CHANGED, "the file is not the one that the proof was made for"));
    }
    if (!proof.format().equals(AuditExport.Format.JSONL.label())) {
      return new AuditReport(List.copyOf(findings), findings.size(), List.of());
    }
    TrailVerifier verifier = new TrailVerifier(proof.ledger(), keys);
    for (ExportProof.Part part : proof.parts()) {
      verifier.startAfter(part.before());
      verifier.mark(part.last(), "the proof", true);
    }
    proof.heads().forEach(head -> verifier.mark(head, true));
    return AuditDesk.and(read(verifier, new FileTrail(file)), findings);
  }

  private AuditReport read(TrailVerifier verifier, FileTrail file) {
    heads.forEach(head -> verifier.mark(head, false));
    file.marks(verifier::mark);
    file.all(line -> take(verifier, line));
    return verifier.end();
  }

  static void take(TrailVerifier verifier, TrailSource.Line line) {
    ChainEntry.parse(line.text())
        .ifPresentOrElse(verifier::entry, () -> verifier.unreadable(line.place()));
  }
}
