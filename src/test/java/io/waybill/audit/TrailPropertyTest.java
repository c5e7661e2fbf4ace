package io.waybill.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever single thing is done to a chain, it is found, and the event is named. */
class TrailPropertyTest {
  private static final int MOST = 40;

  private static AuditReport verify(List<String> changed, List<String> original) {
    return Chains.verify(changed, Chains.point(original.get(original.size() - 1)));
  }

  private static void named(AuditReport report, long seq, Finding.Fault... faults) {
    assertThat(report.findings())
        .as("findings that name event %d", seq)
        .anyMatch(
            finding ->
                finding.from() <= seq
                    && seq <= finding.to()
                    && Arrays.asList(faults).contains(finding.fault()));
  }

  private static void onlyThisIsFound(
      List<String> changed, List<String> original, long seq, Finding.Fault... faults) {
    AuditReport report = verify(changed, original);
    named(report, seq, faults);
    assertThat(report.count()).isEqualTo(1);
  }

  private static void aChangeIsFound(List<String> lines, int i, ObjectNode json) {
    List<String> changed = new ArrayList<>(lines);
    changed.set(i, Chains.resealed(json));
    onlyThisIsFound(changed, lines, i + 1L, Finding.Fault.CHANGED);
  }

  @Property(tries = 300)
  void whatNobodyTouchedIsWhole(@ForAll @IntRange(min = 1, max = MOST) int count) {
    List<String> lines = Chains.of(count);
    AuditReport report = verify(lines, lines);
    assertThat(report.isWhole()).as(report.findings().toString()).isTrue();
    assertThat(report.chains()).singleElement().matches(chain -> chain.to() == count);
  }

  @Property(tries = 300)
  void aCharacterThatIsChangedIsFound(
      @ForAll @IntRange(min = 1, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int place,
      @ForAll @IntRange(min = 0, max = 9_999) int at) {
    List<String> lines = Chains.of(count);
    int i = place % count;
    String line = lines.get(i);
    int c = at % line.length();
    char other = line.charAt(c) == '7' ? '8' : '7';
    List<String> changed = new ArrayList<>(lines);
    changed.set(i, line.substring(0, c) + other + line.substring(c + 1));

    AuditReport report = verify(changed, lines);

    assertThat(report.isWhole()).as("%s", changed.get(i)).isFalse();
    named(report, i + 1L, Finding.Fault.values());
  }

  @Property(tries = 300)
  void aFieldThatIsChangedWithItsHashMadeToFitIsFound(
      @ForAll @IntRange(min = 1, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int place,
      @ForAll @IntRange(min = 0, max = 3) int which) {
    List<String> lines = Chains.of(count);
    int i = place % count;
    ObjectNode json = Chains.json(lines.get(i));
    switch (which) {
      case 0 -> json.put("rows", 1_000_000);
      case 1 -> json.put("ordered_by", "somebody");
      case 2 -> json.put("kind", "order");
      default -> json.put("time", "2020-01-01T00:00:00.000000Z");
    }

    aChangeIsFound(lines, i, json);
  }

  @Property(tries = 300)
  void anotherHashOfTheEventBeforeIsFound(
      @ForAll @IntRange(min = 2, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int place) {
    List<String> lines = Chains.of(count);
    int i = 1 + place % (count - 1);
    ObjectNode json = Chains.json(lines.get(i));
    json.put("previous", "0".repeat(64));

    aChangeIsFound(lines, i, json);
  }

  @Property(tries = 300)
  void anEventThatIsRemovedIsFound(
      @ForAll @IntRange(min = 1, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int place) {
    List<String> lines = Chains.of(count);
    int i = place % count;
    List<String> changed = new ArrayList<>(lines);
    changed.remove(i);

    onlyThisIsFound(changed, lines, i + 1L, Finding.Fault.REMOVED, Finding.Fault.TRUNCATED);
  }

  @Property(tries = 300)
  void aTailThatIsCutOffIsFound(
      @ForAll @IntRange(min = 1, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int place) {
    List<String> lines = Chains.of(count);
    int kept = place % count;

    AuditReport report = verify(lines.subList(0, kept), lines);

    for (int seq = kept + 1; seq <= count; seq++) {
      named(report, seq, Finding.Fault.TRUNCATED);
    }
    assertThat(report.count()).isEqualTo(1);
  }

  @Property(tries = 300)
  void anEventThatStandsElsewhereIsFound(
      @ForAll @IntRange(min = 2, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int from,
      @ForAll @IntRange(min = 0, max = 9_999) int to) {
    List<String> lines = Chains.of(count);
    int i = from % count;
    int j = to % count;
    if (i == j) {
      return;
    }
    List<String> changed = new ArrayList<>(lines);
    changed.add(j, changed.remove(i));

    AuditReport report = verify(changed, lines);

    // an event that came earlier is told by those that it left behind
    assertThat(report.findings())
        .isNotEmpty()
        .allMatch(finding -> finding.fault() == Finding.Fault.REORDERED)
        .anyMatch(
            finding ->
                finding.from() == i + 1L || finding.text().endsWith("behind event " + (i + 1)));
  }

  @Property(tries = 300)
  void anEventThatIsThereTwiceIsFound(
      @ForAll @IntRange(min = 1, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int which,
      @ForAll @IntRange(min = 0, max = 9_999) int where) {
    List<String> lines = Chains.of(count);
    int i = which % count;
    int at = i + 1 + where % (count - i);
    List<String> changed = new ArrayList<>(lines);
    changed.add(at, lines.get(i));

    onlyThisIsFound(changed, lines, i + 1L, Finding.Fault.INSERTED);
  }

  @Property(tries = 300)
  void anEventThatWasMadeUpIsFound(
      @ForAll @IntRange(min = 2, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int place) {
    List<String> lines = Chains.of(count);
    int i = place % (count - 1);
    ObjectNode forged = Chains.json(lines.get(i + 1));
    forged.put("rows", 7_000);
    List<String> changed = new ArrayList<>(lines);
    changed.add(i + 1, Chains.resealed(forged));

    AuditReport report = verify(changed, lines);

    named(report, i + 2L, Finding.Fault.INSERTED);
  }

  @Property(tries = 300)
  void aContentThatIsTakenAwayIsFoundUnlessRetentionTookIt(
      @ForAll @IntRange(min = 1, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int place) {
    List<String> lines = Chains.of(count);
    int i = place % count;
    List<String> changed = new ArrayList<>(lines);
    changed.set(i, ChainEntry.parse(lines.get(i)).orElseThrow().withoutContent());

    onlyThisIsFound(changed, lines, i + 1L, Finding.Fault.EMPTIED);
  }

  @Property(tries = 300)
  void linesThatAreNoneAreFound(
      @ForAll @IntRange(min = 1, max = MOST) int count,
      @ForAll @IntRange(min = 0, max = 9_999) int place,
      @ForAll @Size(max = 20) String garbage) {
    List<String> lines = Chains.of(count);
    int i = place % count;
    List<String> changed = new ArrayList<>(lines);
    changed.set(i, garbage);

    named(verify(changed, lines), i + 1L, Finding.Fault.UNREADABLE, Finding.Fault.TRUNCATED);
  }
}
