package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Application;
import io.waybill.delivery.BatchState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may happen to a file between two looks at it. */
final class SourceIT {
  private static final String FLOW = "flow";
  private static final String FILTER =
      """
      - route:
          id: waybill-deliver
          from:
            uri: direct:waybill-deliver
            steps:
              - filter:
                  simple: ${header.CamelWaybillPosition} startsWith 'never'
                  steps:
                    - to: clickhouse:waybill
      """;

  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void aFlowIntoATable() {
    home = RoadHome.in(folder);
    home.table(FLOW, "id UInt64, text String").flow(FLOW, "batchRows=2");
  }

  @AfterEach
  void thePapersMatchTheBatches() {
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  private void assertRows(String... rows) {
    assertThat(home.rows(FLOW, "id, text")).containsExactly(rows);
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  @Test
  void theSameFileTwiceIsDeliveredOnce() throws IOException {
    Path file = home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n3,c\n");
    home.once();
    home.once();
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(1_000_000));
    home.once();
    assertRows("1\ta", "2\tb", "3\tc");
    assertThat(home.states(FLOW)).containsExactly("completed");
  }

  @Test
  void appendedRecordsFollow() throws IOException {
    Path file = home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n3,c\n");
    home.once();
    append(file, "4,d\n5,e\n");
    home.once();
    assertRows("1\ta", "2\tb", "3\tc", "4\td", "5\te");
    assertThat(home.states(FLOW)).containsExactly("completed", "completed");
  }

  @Test
  void recordsAppendedWhileItRunsFollow() throws IOException {
    // noop=true alone takes a name only once as long as it runs
    home.flowFrom(
        FLOW,
        "file:in/flow?noop=true&idempotentKey=${file:name}-${file:size}&initialDelay=0&delay=50",
        "batchRows=2");
    Path file = home.drop(FLOW, "a.csv", "id,text\n");
    try (Application application = home.start(false)) {
      for (int id = 1; id <= 5; id++) {
        append(file, id + ",x\n");
        int expected = id;
        Awaitility.await().until(() -> home.rows(FLOW, "id").size() >= expected);
      }
      Awaitility.await().until(() -> application.auditPending() == 0);
    }
    assertRows("1\tx", "2\tx", "3\tx", "4\tx", "5\tx");
  }

  @Test
  void aLastRecordThatGoesOnFailsTheRunAndDeliversNoHalf() throws IOException {
    Path file = home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b");
    home.once();
    assertRows("1\ta", "2\tb");
    append(file, "cde\n3,c\n");
    home.once();
    home.once();
    assertRows("1\ta", "2\tb");
    assertThat(home.states(FLOW)).containsExactly("completed", "failed");
    assertThat(home.runs(FLOW).get(1).reason()).contains("goes on there now");
  }

  @Test
  void otherContentUnderTheSameNameIsDeliveredWhole() {
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n3,c\n");
    home.once();
    home.drop(FLOW, "a.csv", "id,text\n7,x\n2,b\n3,c\n");
    home.once();
    assertRows("1\ta", "2\tb", "2\tb", "3\tc", "3\tc", "7\tx");
    assertThat(home.runs(FLOW)).extracting(run -> run.generation()).containsExactly(0, 1);
  }

  @Test
  void goingBackToTheFirstContentIsAThirdGeneration() {
    home.drop(FLOW, "a.csv", "id,text\n1,a\n");
    home.once();
    home.drop(FLOW, "a.csv", "id,text\n22,b\n");
    home.once();
    home.drop(FLOW, "a.csv", "id,text\n1,a\n");
    home.once();
    assertRows("1\ta", "1\ta", "22\tb");
  }

  @Test
  void aSourceThatChangedWhileABatchIsInDoubtInsertsNothingUntilItIsRestored() throws IOException {
    home.write("routes/waybill/deliver.camel.yaml", FILTER);
    String before = "id,text\n1,a\n2,b\n3,c\n";
    home.drop(FLOW, "a.csv", before);
    home.once();
    assertThat(home.batches()).extracting(batch -> batch.state()).contains(BatchState.PLANNED);
    Files.delete(folder.resolve("routes/waybill/deliver.camel.yaml"));

    home.drop(FLOW, "a.csv", "id,text\n9,z\n2,b\n3,c\n4,d\n");
    home.once();
    assertRows();
    assertThat(home.states(FLOW)).containsExactly("failed");
    assertThat(home.runs(FLOW).get(0).reason()).contains("source changed");

    home.drop(FLOW, "a.csv", before);
    home.once();
    assertRows("1\ta", "2\tb", "3\tc");
    assertThat(home.states(FLOW)).containsExactly("completed");
  }

  @Test
  void twoFilesAndACopyAreUnitsOfTheirOwn() {
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n");
    home.drop(FLOW, "b.csv", "id,text\n3,c\n");
    home.once();
    home.drop(FLOW, "copy-of-a.csv", "id,text\n1,a\n2,b\n");
    home.once();
    assertRows("1\ta", "1\ta", "2\tb", "2\tb", "3\tc");
    assertThat(home.states(FLOW)).containsExactly("completed", "completed", "completed");
  }

  @Test
  void aFileIsMovedAwayOnlyWhenItIsDelivered() throws IOException {
    home.table("moving", "id UInt64, text String").movingFlow("moving", "");
    home.write("routes/waybill/deliver.camel.yaml", FILTER);
    home.drop("moving", "a.csv", "id,text\n1,a\n");
    home.once();
    assertThat(home.files("in/moving")).containsExactly("a.csv");
    assertThat(home.files("in/moving/.camel")).isEmpty();

    Files.delete(folder.resolve("routes/waybill/deliver.camel.yaml"));
    home.once();
    assertThat(home.files("in/moving")).isEmpty();
    assertThat(home.files("in/moving/.camel")).containsExactly("a.csv");
    assertThat(home.rows("moving", "id, text")).containsExactly("1\ta");
  }
}
