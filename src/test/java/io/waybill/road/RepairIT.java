package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.control.Answer;
import io.waybill.control.Answer.Outcome;
import io.waybill.control.Order;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterRow.State;
import io.waybill.ledger.LedgerReader;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do about refused records and runs that stopped. */
final class RepairIT {
  private static final String FLOW = "repaired";
  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void refuse() {
    home = RoadHome.in(folder);
    home.table(FLOW, "id UInt64, day Date, text String").movingFlow(FLOW, "batchRows=3&inFlight=1");
    home.drop(
        FLOW, "a.csv", "id,day,text\n1,2024-01-01,a\nx2,2024-01-02,b\n3,2024-01-03,c\n4,gone,d\n");
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "3");
    assertThat(home.letters()).extracting(DeadLetterRow::line).containsExactly(3L, 5L);
  }

  private List<String> waiting() {
    return home.letters().stream()
        .filter(letter -> letter.state() == State.STORED)
        .map(DeadLetterRow::id)
        .toList();
  }

  private List<String> decisions() {
    String ledger = home.ledger(LedgerReader::id).orElseThrow();
    String answer =
        TestClickHouse.query(
            """
            SELECT concatWithSeparator(' ', batch, outcome, toString(dead_rows), reason)
            FROM waybill.audit WHERE ledger = '%s' AND kind = 'dead-letters' ORDER BY seq"""
                .formatted(ledger));
    return answer.isEmpty() ? List.of() : List.of(answer.split("\n", -1));
  }

  private Path mended(String content) throws IOException {
    return Files.writeString(folder.resolve("mended.csv"), content);
  }

  @Test
  void aReplayAfterTheTableWasMendedInsertsOnceHoweverOftenItIsOrdered() {
    TestClickHouse.execute(
        "ALTER TABLE %s.%s MODIFY COLUMN id String, MODIFY COLUMN day String"
            .formatted(home.database(), FLOW));
    List<String> ids = waiting();

    Answer first = home.order(new Order.Replay(ids));
    Answer second = home.order(new Order.Replay(ids));

    assertThat(first.outcome()).as(first.lines().toString()).isEqualTo(Outcome.DONE);
    assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(home.rows(FLOW, "id, day, text"))
        .containsExactly("1\t2024-01-01\ta", "3\t2024-01-03\tc", "4\tgone\td", "x2\t2024-01-02\tb");
    assertThat(home.letters()).extracting(DeadLetterRow::state).containsOnly(State.REPLAYED);
    assertThat(home.states(FLOW)).containsExactly("completed_with_dead_letters", "completed");
    assertThat(decisions())
        .containsExactly(
            home.letters().get(0).batch() + " replayed 1 ",
            home.letters().get(1).batch() + " replayed 1 ");
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
    assertThat(home.files("data/dead-letters/" + FLOW)).allMatch(name -> name.endsWith(".json"));
  }

  @Test
  void whatIsRefusedAgainIsANewDeadLetterThatWasSeenBefore() {
    assertThat(home.order(new Order.Replay(waiting())).outcome()).isEqualTo(Outcome.DEAD_LETTERS);

    List<DeadLetterRow> letters = home.letters();
    assertThat(letters)
        .extracting(DeadLetterRow::state)
        .containsExactly(State.REPLAYED, State.REPLAYED, State.STORED, State.STORED);
    assertThat(letters.get(2).firstSeen()).isEqualTo(letters.get(0).firstSeen());
    assertThat(letters.get(3).firstSeen()).isEqualTo(letters.get(1).firstSeen());
    assertThat(letters.get(2).stored()).isAfter(letters.get(0).stored());
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "3");
  }

  @Test
  void aMendedFileSettlesItsDeadLettersOnce() throws IOException {
    List<String> ids = waiting();
    Path file = mended("id,day,text\n2,2024-01-02,b\n4,2024-01-04,d\n");

    Answer first = home.order(new Order.ReplayMended(file.toString(), ids));
    Answer second = home.order(new Order.ReplayMended(file.toString(), ids));

    assertThat(first.outcome()).as(first.lines().toString()).isEqualTo(Outcome.DONE);
    assertThat(second.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "2", "3", "4");
    assertThat(decisions()).allMatch(line -> line.endsWith(" replayed 1 mended")).hasSize(2);
  }

  @Test
  void aMendedFileThatIsNoFileOfItsFormatGivesTheDeadLettersBack() throws IOException {
    Path file = mended("id,day,text\n" + "x".repeat(3_000_000));
    home.set("waybill.batch.max-record", "1MB");

    Answer answer = home.order(new Order.ReplayMended(file.toString(), waiting()));

    assertThat(answer.outcome()).isEqualTo(Outcome.HELD_OR_FAILED);
    assertThat(waiting()).hasSize(2);
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "3");
  }

  @Test
  void discardedOnesKeepTheirReason() {
    String first = waiting().get(0);
    assertThat(home.order(new Order.Discard(List.of(first), "a test of the sender")).outcome())
        .isEqualTo(Outcome.DONE);
    home.once();
    assertThat(waiting()).hasSize(1).doesNotContain(first);
    assertThat(home.letters().get(0).note()).isEqualTo("a test of the sender");
    assertThat(home.letters().get(0).settledBy())
        .isEqualTo(System.getProperty("user.name") + "@local");
    assertThat(decisions())
        .containsExactly(home.letters().get(0).batch() + " discarded 1 a test of the sender");
    assertThat(home.order(new Order.Replay(List.of(first))).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(home.order(new Order.Replay(List.of("nobody"))).lines())
        .contains("there is no dead letter nobody");
  }

  @Test
  void aReplayThatIsHeldGoesOnWhenTheCauseIsGone() {
    TestClickHouse.execute(
        "ALTER TABLE %s.%s MODIFY COLUMN id String, MODIFY COLUMN day String"
            .formatted(home.database(), FLOW));
    TestClickHouse.execute("RENAME TABLE %1$s.%2$s TO %1$s.away".formatted(home.database(), FLOW));
    Answer held = home.order(new Order.Replay(waiting()));
    assertThat(held.outcome()).isEqualTo(Outcome.HELD_OR_FAILED);
    assertThat(held.lines().toString()).contains("remedy");
    assertThat(home.letters()).extracting(DeadLetterRow::state).containsOnly(State.REPLAYING);
    TestClickHouse.execute("RENAME TABLE %1$s.away TO %1$s.%2$s".formatted(home.database(), FLOW));

    home.once();

    assertThat(home.rows(FLOW, "id")).containsExactly("1", "3", "4", "x2");
    assertThat(home.letters()).extracting(DeadLetterRow::state).containsOnly(State.REPLAYED);
  }

  @Test
  void aProcessThatServesCarriesOrdersOut() {
    TestClickHouse.execute(
        "ALTER TABLE %s.%s MODIFY COLUMN id String, MODIFY COLUMN day String"
            .formatted(home.database(), FLOW));
    try (Application application = home.start(false)) {
      assertThat(home.order(new Order.Replay(waiting())).outcome()).isEqualTo(Outcome.DONE);
      Awaitility.await().until(() -> application.auditPending() == 0);
    }
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "3", "4", "x2");
  }

  @Test
  void aRunThatIsDeliveredAgainIsANewGeneration() {
    String run = home.runs(FLOW).get(0).id();
    assertThat(home.order(new Order.Rerun(run, false, false)).outcome()).isEqualTo(Outcome.DONE);
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "3");

    Answer again = home.order(new Order.Rerun(run, true, false));

    assertThat(again.outcome()).as(again.lines().toString()).isEqualTo(Outcome.DEAD_LETTERS);
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "1", "3", "3");
    assertThat(home.runs(FLOW).get(1).generation()).isOne();
  }

  @Test
  void aHeldFlowGoesOnAtOnceWhenItsRunIsRerun() {
    home.set("waybill.hold.probe-initial", "1h").set("waybill.hold.probe-max", "1h");
    home.drop(FLOW, "b.csv", "id,day,text,extra\n7,2024-01-07,g,1\n");
    try (Application application = home.start(false)) {
      Awaitility.await().until(() -> !application.holds().isEmpty());
      String run = home.runs(FLOW).get(1).id();
      assertThat(home.order(new Order.Rerun(run, false, false)).outcome())
          .isEqualTo(Outcome.HELD_OR_FAILED);
      TestClickHouse.execute(
          "ALTER TABLE %s.%s ADD COLUMN extra UInt8".formatted(home.database(), FLOW));
      Answer answer = home.order(new Order.Rerun(run, false, false));
      assertThat(answer.outcome()).as(answer.lines().toString()).isEqualTo(Outcome.DONE);
      Awaitility.await().until(() -> application.holds().isEmpty());
    }
    assertThat(home.rows(FLOW, "id, extra")).containsExactly("1\t0", "3\t0", "7\t1");
  }

  @Test
  void reconcilingFindsWhatWasLostAndSendsItAgain() {
    home.drop(FLOW, "b.csv", "id,day,text\n" + "7,2024-01-07,g\n".repeat(7));
    home.once();
    String run = home.runs(FLOW).get(1).id();
    assertThat(home.order(new Order.Reconcile(run, false)).outcome()).isEqualTo(Outcome.DONE);
    String lost = home.ledger(reader -> reader.batches(run)).get(1).token();
    TestClickHouse.execute(
        "ALTER TABLE %s.%s DELETE WHERE _waybill_batch = '%s' SETTINGS mutations_sync = 2"
            .formatted(home.database(), FLOW, lost));
    assertThat(home.rows(FLOW, "count()")).containsExactly("6");

    Answer found = home.order(new Order.Reconcile(run, false));
    assertThat(found.outcome()).isEqualTo(Outcome.HELD_OR_FAILED);
    assertThat(found.lines().toString()).contains("1 batches missing");
    assertThat(home.rows(FLOW, "count()")).containsExactly("6");

    Answer sent = home.order(new Order.Reconcile(run, true));
    assertThat(sent.outcome()).as(sent.lines().toString()).isEqualTo(Outcome.DONE);
    assertThat(home.rows(FLOW, "count()")).containsExactly("9");
    assertThat(home.states(FLOW)).containsExactly("completed_with_dead_letters", "completed");
    assertThat(home.runs(FLOW).get(1).rows()).isEqualTo(7);
    assertThat(home.order(new Order.Reconcile(run, false)).outcome()).isEqualTo(Outcome.DONE);
  }
}
