package io.waybill.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Chains for tests. */
final class Chains {
  static final String LEDGER = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");

  private Chains() {}

  /** A chain of so many events. */
  static List<String> of(int count) {
    List<String> lines = new ArrayList<>();
    ChainPoint point = new ChainPoint(LEDGER, 1, 0, "");
    for (int i = 1; i <= count; i++) {
      SealedEvent sealed = SealedEvent.seal(event(i), point, "here", "1");
      lines.add(sealed.line());
      point = sealed.point();
    }
    return lines;
  }

  static AuditEvent event(int number) {
    return AuditEvent.of(
            number % 3 == 0 ? AuditKind.RUN : AuditKind.BATCH, NOON.plusSeconds(number))
        .with(AuditField.FLOW, "trips")
        .with(AuditField.SOURCE, "ä \"" + number + "\"\\\n.csv")
        .with(AuditField.ROWS, number)
        .build();
  }

  /** Makes the hash of an event fit what it says now. */
  static String resealed(ObjectNode json) {
    json.put("hash", SealedEvent.hash(json, SealedEvent.content(json)));
    return json.toString();
  }

  static ObjectNode json(String line) {
    return ChainEntry.parse(line).orElseThrow().json().deepCopy();
  }

  static ChainPoint point(String line) {
    ChainEntry entry = ChainEntry.parse(line).orElseThrow();
    return new ChainPoint(entry.ledger(), entry.epoch(), entry.seq(), entry.hash());
  }

  /** Verifies lines as a copy that must reach as far as this event. */
  static AuditReport verify(List<String> lines, ChainPoint end) {
    TrailVerifier verifier = new TrailVerifier(LEDGER, TrustedKeys.none());
    verifier.mark(end, "the test", true);
    return read(verifier, lines);
  }

  static AuditReport read(TrailVerifier verifier, List<String> lines) {
    lines.forEach(line -> ChainEntry.parse(line).ifPresent(verifier::mark));
    for (int i = 0; i < lines.size(); i++) {
      String place = "line " + (i + 1);
      ChainEntry.parse(lines.get(i))
          .ifPresentOrElse(verifier::entry, () -> verifier.unreadable(place));
    }
    return verifier.end();
  }
}
