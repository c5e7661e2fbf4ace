package io.waybill.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrailVerifierTest {
  @TempDir Path folder;
  private LocalSigner signer;
  private TrustedKeys keys;

  @BeforeEach
  void key() throws Exception {
    signer = LocalSigner.open(folder);
    keys = TrustedKeys.of(List.of(folder.resolve(LocalSigner.PUBLIC)));
  }

  private SignedHead head(String line) throws SigningException {
    return SignedHead.sign(Chains.point(line), 1, Chains.NOON, signer);
  }

  private AuditReport verify(List<String> lines, SignedHead... heads) {
    TrailVerifier verifier = new TrailVerifier(Chains.LEDGER, keys);
    for (SignedHead head : heads) {
      verifier.mark(head, true);
    }
    return Chains.read(verifier, lines);
  }

  /** A chain in which everything from one event on was made to fit a change of it. */
  private static List<String> rewritten(List<String> lines, int from) {
    List<String> forged = new ArrayList<>(lines.subList(0, from));
    String previous = from == 0 ? ChainPoint.NOTHING : Chains.point(lines.get(from - 1)).hash();
    for (int i = from; i < lines.size(); i++) {
      ObjectNode json = Chains.json(lines.get(i));
      if (i == from) {
        json.put("ordered_by", "somebody else");
      }
      json.put("previous", previous);
      forged.add(Chains.resealed(json));
      previous = json.get("hash").asText();
    }
    return forged;
  }

  @Test
  void aHashIsThatOfCanonicalJsonAsAnyoneCanMakeIt() throws IOException {
    AuditEvent event =
        AuditEvent.of(AuditKind.ORDER, Chains.NOON)
            .with(AuditField.ORDERED_BY, "anna \"ä\"\n\u0001/")
            .with(AuditField.ROWS, 12)
            .with(AuditField.REASON, "")
            .with(AuditField.FLOWS, List.of("a", "b"))
            .build();
    SealedEvent sealed = SealedEvent.seal(event, new ChainPoint(Chains.LEDGER, 1, 6, ""), "h", "v");
    String content =
        CanonicalJson.sha256(
            "{\"flows\":[\"a\",\"b\"],\"host\":\"h\",\"ordered_by\":\"anna \\\"ä\\\"\\n\\u0001/\","
                + "\"rows\":12,\"waybill_version\":\"v\"}");
    String head =
        "{\"content\":\"%s\",\"epoch\":1,\"kind\":\"order\",\"ledger\":\"%s\",\"previous\":\"%s\",\"seq\":7,\"time\":\"2026-11-23T12:00:00.123456Z\"}"
            .formatted(content, Chains.LEDGER, ChainPoint.NOTHING);

    assertThat(sealed.point())
        .isEqualTo(new ChainPoint(Chains.LEDGER, 1, 7, CanonicalJson.sha256(head)));
    assertThat(new ObjectMapper().readTree(sealed.line()).get("hash").asText())
        .isEqualTo(sealed.point().hash());
  }

  @Test
  void columnsThatAnEventDoesNotUseDoNotMatter() {
    ObjectNode json = Chains.json(Chains.of(1).get(0));
    json.put("planned_at", "1970-01-01T00:00:00.000000Z");
    json.put("dead_rows", 0);
    json.put("flow", json.get("flow").asText());
    json.putArray("flows");
    json.putNull("rule");
    json.put("query_id", "");
    assertThat(ChainEntry.parse(json.toString()).orElseThrow().intact()).isTrue();
    json.put("approved_by", "somebody");
    assertThat(ChainEntry.parse(json.toString()).orElseThrow().intact()).isFalse();
  }

  @Test
  void aNameThatIsThereTwiceIsNoEvent() {
    String line = Chains.of(1).get(0);
    assertThat(ChainEntry.parse(line.replaceFirst("\\{", "{\"rows\":7,"))).isEmpty();
    assertThat(ChainEntry.parse(line + "{}")).isEmpty();
  }

  @Test
  void halvesOfSurrogatePairsAreWrittenAsTheyAreStored() {
    AuditEvent event =
        AuditEvent.of(AuditKind.RUN, Chains.NOON).with(AuditField.SOURCE, "a\ud800b").build();
    String line = SealedEvent.seal(event, new ChainPoint(Chains.LEDGER, 1, 0, ""), "h", "v").line();
    String stored = new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertThat(ChainEntry.parse(stored).orElseThrow().intact()).isTrue();
  }

  @Test
  void aChainThatWasRewrittenIsNotTheOneThatWasSigned() throws Exception {
    List<String> lines = Chains.of(10);
    SignedHead head = head(lines.get(6));

    assertThat(verify(lines, head).isWhole()).isTrue();
    assertThat(verify(lines, head).chains().get(0).head()).contains(head);
    AuditReport report = verify(rewritten(lines, 3), head);
    assertThat(report.findings())
        .singleElement()
        .matches(finding -> finding.from() == 7 && finding.fault() == Finding.Fault.CHANGED)
        .asString()
        .contains("it or an event before it was changed");
  }

  @Test
  void aTailThatWasSignedCannotBeCutOff() throws Exception {
    List<String> lines = Chains.of(10);
    AuditReport report = verify(lines.subList(0, 4), head(lines.get(8)));
    assertThat(report.findings())
        .singleElement()
        .isEqualTo(
            new Finding(
                Chains.LEDGER,
                1,
                5,
                9,
                "",
                Finding.Fault.TRUNCATED,
                "the end is missing: the head that was signed at 2026-11-23T12:00:00.123456Z knows event 9"));
  }

  @Test
  void aHeadThatTheTrailTellsOfIsVerifiedToo() throws Exception {
    List<String> lines = Chains.of(3);
    SealedEvent told =
        SealedEvent.seal(head(lines.get(2)).event(), Chains.point(lines.get(2)), "h", "v");
    lines.add(told.line());
    assertThat(verify(lines).isWhole()).isTrue();
    assertThat(verify(lines).chains().get(0).head()).isPresent();

    ObjectNode json = Chains.json(told.line());
    json.put("digest", Chains.point(lines.get(1)).hash());
    lines.set(3, Chains.resealed(json));
    assertThat(verify(lines).findings())
        .singleElement()
        .matches(finding -> finding.fault() == Finding.Fault.FORGED && finding.from() == 4);
  }

  @Test
  void aSignatureByAnotherKeyIsToldAndProvesNothing(@TempDir Path elsewhere) throws Exception {
    List<String> lines = Chains.of(5);
    List<String> forged = rewritten(lines, 1);
    SignedHead head =
        SignedHead.sign(Chains.point(forged.get(4)), 1, Chains.NOON, LocalSigner.open(elsewhere));
    assertThat(verify(forged, head).findings())
        .singleElement()
        .matches(finding -> finding.fault() == Finding.Fault.UNKNOWN_KEY);
  }

  @Test
  void whatRetentionTookLeavesTheChainWhole() {
    List<String> lines = Chains.of(6);
    AuditEvent batches =
        AuditEvent.of(AuditKind.RETENTION, Chains.NOON)
            .with(AuditField.ACTION, TrailActions.PRUNE_EVENTS)
            .with(AuditField.SOURCE, "batch")
            .with(AuditField.UNTIL, Chains.NOON.plusSeconds(5))
            .build();
    lines.add(SealedEvent.seal(batches, Chains.point(lines.get(5)), "h", "v").line());
    for (int i : new int[] {0, 1, 3}) {
      lines.set(i, ChainEntry.parse(lines.get(i)).orElseThrow().withoutContent());
    }
    AuditReport report = verify(lines);
    assertThat(report.isWhole()).as(report.findings().toString()).isTrue();
    assertThat(report.chains().get(0).pruned()).isEqualTo(3);

    // of another kind, or not older
    lines.set(2, ChainEntry.parse(lines.get(2)).orElseThrow().withoutContent());
    lines.set(4, ChainEntry.parse(lines.get(4)).orElseThrow().withoutContent());
    assertThat(verify(lines).findings())
        .extracting(Finding::fault, Finding::from)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Finding.Fault.EMPTIED, 3L),
            org.assertj.core.groups.Tuple.tuple(Finding.Fault.EMPTIED, 5L));

    // the head of an event that was emptied can be changed as little as the event
    ObjectNode head = Chains.json(lines.get(0));
    head.put("kind", "denied");
    lines.set(0, head.toString());
    assertThat(verify(lines).findings()).anyMatch(finding -> finding.from() == 1);
  }

  @Test
  void whatRetentionCutOffIsAnchored() {
    List<String> lines = Chains.of(6);
    AuditEvent cut =
        AuditEvent.of(AuditKind.RETENTION, Chains.NOON)
            .with(AuditField.ACTION, TrailActions.CUT)
            .with(AuditField.POSITION_FROM, 1)
            .with(AuditField.POSITION_TO, 3)
            .with(AuditField.DIGEST, Chains.point(lines.get(2)).hash())
            .build();
    lines.add(SealedEvent.seal(cut, Chains.point(lines.get(5)), "h", "v").line());

    assertThat(verify(lines.subList(3, 7)).isWhole()).isTrue();
    assertThat(verify(lines.subList(4, 7)).findings())
        .singleElement()
        .matches(finding -> finding.fault() == Finding.Fault.REMOVED && finding.from() == 4);
    ObjectNode other = Chains.json(lines.get(3));
    other.put("previous", Chains.point(lines.get(1)).hash());
    List<String> joined = new ArrayList<>(lines.subList(3, 7));
    joined.set(0, Chains.resealed(other));
    assertThat(verify(joined).findings()).anyMatch(finding -> finding.from() == 4);
  }

  @Test
  void eventsFromBeforeTheChainAreToldAndNotJudged() {
    List<String> lines = Chains.of(3);
    List<String> upgraded = new ArrayList<>();
    for (String line : lines.subList(0, 2)) {
      ObjectNode json = Chains.json(line);
      json.remove(List.of("hash", "previous"));
      upgraded.add(json.toString());
    }
    ChainPoint begin = new ChainPoint(Chains.LEDGER, 1, 2, "");
    for (int i = 3; i <= 5; i++) {
      SealedEvent sealed = SealedEvent.seal(Chains.event(i), begin, "h", "v");
      upgraded.add(sealed.line());
      begin = sealed.point();
    }
    AuditReport report = verify(upgraded);
    assertThat(report.isWhole()).as(report.findings().toString()).isTrue();
    assertThat(report.chains().get(0).unhashed()).isEqualTo(2);

    ObjectNode stripped = Chains.json(upgraded.get(3));
    stripped.remove(List.of("hash", "previous"));
    upgraded.set(3, stripped.toString());
    assertThat(verify(upgraded).findings())
        .singleElement()
        .matches(finding -> finding.from() == 4 && finding.text().equals("it has lost its hash"));
  }

  @Test
  void anEpochGoesOnFromTheLastEventThatWasKnownOfTheOneBefore() {
    List<String> lines = Chains.of(4);
    ChainPoint known = Chains.point(lines.get(2));
    AuditEvent adopted =
        AuditEvent.of(AuditKind.LEDGER, Chains.NOON)
            .with(AuditField.ACTION, TrailActions.ADOPT)
            .with(AuditField.POSITION_FROM, 1)
            .with(AuditField.POSITION_TO, 3)
            .build();
    lines.add(
        SealedEvent.seal(adopted, new ChainPoint(Chains.LEDGER, 2, 0, known.hash()), "h", "v")
            .line());
    assertThat(verify(lines).isWhole()).isTrue();
    assertThat(verify(lines).chains()).hasSize(2);

    lines.set(2, rewritten(lines.subList(0, 3), 2).get(2));
    assertThat(verify(lines.subList(0, 3)).isWhole()).as("nobody knows of it").isTrue();
    List<String> both = new ArrayList<>(lines.subList(0, 3));
    both.add(lines.get(4));
    assertThat(verify(both).findings())
        .singleElement()
        .matches(
            finding -> finding.from() == 3 && finding.text().contains("the epoch that goes on"));
  }

  @Test
  void eventsOfEpochsAndNumbersThatThereNeverWereAreMadeUp() {
    List<String> lines = Chains.of(2);
    ObjectNode epoch = Chains.json(lines.get(0));
    epoch.put("epoch", 7);
    ObjectNode number = Chains.json(lines.get(0));
    number.put("seq", 0);
    lines.add(0, Chains.resealed(number));
    lines.add(Chains.resealed(epoch));
    TrailVerifier verifier = new TrailVerifier(Chains.LEDGER, keys);
    verifier.onlyEpochs(each -> each == 1);
    assertThat(Chains.read(verifier, lines).findings())
        .extracting(Finding::fault, Finding::epoch, Finding::from)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Finding.Fault.INSERTED, 1, 0L),
            org.assertj.core.groups.Tuple.tuple(Finding.Fault.INSERTED, 7, 1L));
  }

  @Test
  void keysAreMadeOnceForTheirOwnerOnly() throws Exception {
    Path secret = folder.resolve("signing.key");
    assertThat(Files.getPosixFilePermissions(secret))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(head(Chains.of(1).get(0)).publicKey())
        .isEqualTo(
            SignedHead.sign(
                    Chains.point(Chains.of(1).get(0)), 1, Chains.NOON, LocalSigner.open(folder))
                .publicKey());

    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> LocalSigner.open(folder))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void headsSurviveALineThatACrashCutOff() throws Exception {
    List<String> lines = Chains.of(2);
    HeadFile file = new HeadFile(folder.resolve("new"));
    file.add(head(lines.get(0)));
    Path path = folder.resolve("new").resolve(HeadFile.NAME);
    Files.writeString(path, Files.readString(path) + "{\"ledger\":\"6b");
    file.add(head(lines.get(1)));

    assertThat(file.all()).extracting(SignedHead::seq).containsExactly(1L, 2L);
    assertThat(file.all()).allMatch(SignedHead::isGenuine);
  }

  @Test
  void differencesAreShort() {
    assertThat(UnifiedDiff.of("a\nb\nc\nd\ne\n", "a\nb\nc\nx\ny\ne\n"))
        .isEqualTo("@@ -2,4 +2,5 @@\n b\n c\n-d\n+x\n+y\n e\n");
    assertThat(UnifiedDiff.of("a\n", "a\n")).isEmpty();
    assertThat(UnifiedDiff.of("", "a\n")).isEqualTo("@@ -0,0 +1,1 @@\n+a\n");
    assertThat(UnifiedDiff.of("", "x\n".repeat(5_000)))
        .contains("more lines")
        .hasSizeLessThan(9_000);
  }
}
