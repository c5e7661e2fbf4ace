package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.clickhouse.TableDdl;
import io.waybill.testing.TestClickHouse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow that cannot run waits with reason and remedy, its files stay, and the others run. */
final class HoldIT {
  private static final String FLOW = "held";

  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void twoFlows() {
    home = RoadHome.in(folder);
    home.movingFlow(FLOW, "").table("other", "id UInt64, text String").movingFlow("other", "");
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n");
    home.drop("other", "b.csv", "id,text\n7,x\n");
  }

  private void table() {
    home.table(FLOW, "id UInt64, text String");
  }

  private void execute(String sql) {
    TestClickHouse.execute(sql.formatted(home.database()));
  }

  private void assertHeld(RoadHome.Ended ended, String reason, String remedy) {
    assertThat(ended.holds())
        .singleElement()
        .asString()
        .startsWith(FLOW + ": ")
        .contains(reason)
        .contains(remedy);
    assertThat(home.flow(FLOW).hold().orElseThrow().reason()).contains(reason);
    assertThat(home.files("in/held")).containsExactly("a.csv");
    assertOtherRan();
  }

  private void assertOtherRan() {
    assertThat(home.rows("other", "id, text")).containsExactly("7\tx");
    assertThat(home.files("in/other")).isEmpty();
  }

  private void assertDelivered() {
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "2\tb");
    assertThat(home.files("in/held")).isEmpty();
    assertThat(home.flow(FLOW).hold()).isEmpty();
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  private void awaitDelivery(Application application) {
    Awaitility.await()
        .until(() -> application.holds().isEmpty() && home.files("in/held").isEmpty());
    Awaitility.await().until(() -> application.auditPending() == 0);
  }

  @Test
  void aMissingTableHoldsUntilItIsThere() {
    assertHeld(home.once(), "there is no table", "createTable=true");
    try (Application application = home.start(false)) {
      assertThat(application.holds()).hasSize(1);
      table();
      awaitDelivery(application);
    }
    assertDelivered();
  }

  @Test
  void aTableThatGoesAwayWhileItRunsHoldsUntilItIsBack() {
    table();
    try (Application application = home.start(false)) {
      awaitDelivery(application);
      execute("RENAME TABLE %1$s.held TO %1$s.away");
      home.drop(FLOW, "c.csv", "id,text\n3,c\n");
      Awaitility.await().until(() -> !application.holds().isEmpty());
      assertThat(home.files("in/held")).containsExactly("c.csv");
      execute("RENAME TABLE %1$s.away TO %1$s.held");
      awaitDelivery(application);
    }
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "2\tb", "3\tc");
  }

  @Test
  void aTableWithoutWindowIsHeldWithTheAlterThatSetsIt() {
    execute(
        "CREATE TABLE %s.held (id UInt64, text String, "
            + TableDdl.provenanceColumn()
            + ") ENGINE = MergeTree ORDER BY id");
    assertHeld(home.once(), "", "MODIFY SETTING non_replicated_deduplication_window");
    execute("ALTER TABLE %s.held MODIFY SETTING non_replicated_deduplication_window = 10000");
    home.once();
    assertDelivered();
  }

  @Test
  void aWrongPasswordHoldsEverythingUntilItIsRight() {
    table();
    home.set("waybill.clickhouse.password", "wrong");
    assertThat(home.once().holds())
        .hasSize(2)
        .allSatisfy(hold -> assertThat(hold).contains("waybill.clickhouse.password"));
    assertThat(home.files("in/held")).containsExactly("a.csv");
    home.set("waybill.clickhouse.password", TestClickHouse.password());
    home.once();
    assertDelivered();
    assertOtherRan();
  }

  @Test
  void noClickHouseHoldsEverythingUntilThereIsOne() {
    table();
    home.set("waybill.clickhouse.url", "http://127.0.0.1:1");
    assertThat(home.once().holds())
        .hasSize(2)
        .allSatisfy(hold -> assertThat(hold).contains("start ClickHouse"));
    home.set("waybill.clickhouse.url", TestClickHouse.url());
    home.once();
    assertDelivered();
    assertOtherRan();
  }

  @Test
  void usersWithoutRightsAreHeld() {
    table();
    home.set("waybill.clickhouse.password", TestClickHouse.EXTRA_PASSWORD);
    for (String user :
        new String[] {TestClickHouse.READER, TestClickHouse.READONLY, TestClickHouse.NOBODY}) {
      home.set("waybill.clickhouse.user", user);
      assertThat(home.once().holds()).as(user).hasSize(2);
      assertThat(home.files("in/held")).containsExactly("a.csv");
      assertThat(home.rows(FLOW, "id")).isEmpty();
    }
    home.set("waybill.clickhouse.user", TestClickHouse.user());
    home.set("waybill.clickhouse.password", TestClickHouse.password());
    home.once();
    assertDelivered();
  }

  @Test
  void tooManyPartitionsAreHeldAndNoDeadLetter() {
    home.tableBy(FLOW, "id UInt64, text String", "PARTITION BY id");
    StringBuilder many = new StringBuilder("id,text\n");
    for (int id = 1; id <= 101; id++) {
      many.append(id).append(",x\n");
    }
    home.drop(FLOW, "a.csv", many.toString());
    assertHeld(home.once(), "partitions", "max_partitions_per_insert_block");
    assertThat(home.rows(FLOW, "id")).isEmpty();
    assertThat(home.files("data/dead-letters")).isEmpty();
  }

  @Test
  void anUnknownColumnIsHeldWithTheAlterThatAddsIt() {
    table();
    home.drop(FLOW, "a.csv", "id,text,extra\n1,a,5\n2,b,6\n");
    assertHeld(home.once(), "has columns that table", "ADD COLUMN `extra`");
    execute("ALTER TABLE %s.held ADD COLUMN extra UInt64");
    home.once();
    assertDelivered();
    assertThat(home.rows(FLOW, "id, extra")).containsExactly("1\t5", "2\t6");
  }

  @Test
  void anUnknownFieldIsHeldOrSkippedByOption() throws Exception {
    table();
    Files.delete(folder.resolve("in/held/a.csv"));
    home.drop(FLOW, "a.json", "{\"id\":1,\"text\":\"a\",\"extra\":5}\n{\"id\":2,\"text\":\"b\"}\n");
    RoadHome.Ended ended = home.once();
    assertThat(ended.holds()).singleElement().asString().contains("extra").contains("ADD COLUMN");
    assertThat(home.files("in/held")).containsExactly("a.json");
    assertThat(home.rows(FLOW, "id")).isEmpty();
    home.movingFlow("skipping", "unknownFields=skip").table("skipping", "id UInt64, text String");
    home.drop("skipping", "a.json", "{\"id\":1,\"text\":\"a\",\"extra\":5}\n");
    home.once();
    assertThat(home.rows("skipping", "id, text")).containsExactly("1\ta");
  }

  @Test
  void refusedContentIsADeadLetterWithPapersAndTheRunGoesOn() throws Exception {
    table();
    home.movingFlow(FLOW, "batchRows=2");
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n3,c\nno number,d\n5,e\n");
    try (Child child = home.child("--once")) {
      assertThat(child.exitCode()).as(child.output()).isEqualTo(1);
    }
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "2\tb", "3\tc", "5\te");
    assertThat(home.states(FLOW)).containsExactly("completed_with_dead_letters");
    var letters = home.ledger(reader -> reader.deadLetters(home.runs(FLOW).get(0).id()));
    assertThat(letters)
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.record()).isEqualTo(4);
              assertThat(letter.line()).isEqualTo(5);
              assertThat(letter.sourceOffset()).isEqualTo(20);
              assertThat(letter.column()).isEqualTo("id");
              assertThat(letter.errorCode()).isEqualTo(27);
              assertThat(folder.resolve("data/dead-letters").resolve(letter.file()))
                  .hasContent("id,text\nno number,d\n");
            });
    assertThat(home.files("in/held")).isEmpty();
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void aFullDiskOfClickHouseHoldsUntilThereIsRoomAndMakesNoDeadLetters() {
    home.set("waybill.retry.max-elapsed", "1s");
    execute(
        """
        CREATE TABLE %%s.held (id UInt64, text String, %s) ENGINE = MergeTree ORDER BY tuple()
        SETTINGS non_replicated_deduplication_window = 10000, storage_policy = '%s'"""
            .formatted(TableDdl.provenanceColumn(), TestClickHouse.FULL_DISK));
    assertHeld(home.once(), "NOT_ENOUGH_SPACE", "");
    assertThat(home.letters()).isEmpty();
    execute(
        "ALTER TABLE %%s.held MODIFY SETTING storage_policy = '%s'"
            .formatted(TestClickHouse.FULL_DISK_WITH_ROOM));
    assertThat(home.once().holds()).isEmpty();
    assertDelivered();
  }
}
