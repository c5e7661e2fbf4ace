package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.delivery.BatchState;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.RunRow;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ClickHouse refuses is parted record by record: the good ones arrive, the bad are kept. */
final class IsolationIT {
  private static final String FLOW = "parted";
  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void home() {
    home = RoadHome.in(folder);
  }

  private List<DeadLetterRow> letters() {
    RunRow run = home.runs(FLOW).get(0);
    return home.ledger(reader -> reader.deadLetters(run.id()));
  }

  /** The bytes that a dead letter points at. */
  private String raw(DeadLetterRow letter) {
    try {
      byte[] file = Files.readAllBytes(folder.resolve("data/dead-letters").resolve(letter.file()));
      int from = Math.toIntExact(letter.fileOffset());
      int to = from + Math.toIntExact(letter.bytes());
      return new String(Arrays.copyOfRange(file, from, to), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private long queries(String kind) {
    TestClickHouse.execute("SYSTEM FLUSH LOGS query_log");
    RunRow run = home.runs(FLOW).get(0);
    return Long.parseLong(
        TestClickHouse.query(
            """
            SELECT count() FROM system.query_log WHERE type != 'QueryStart' AND query_kind = 'Insert'
            AND JSONExtractString(log_comment, 'run') = '%s' AND %s"""
                .formatted(run.id(), kind)));
  }

  private static String line(int record, Set<Integer> bad) {
    String number = bad.contains(record) ? "no number " + record : Integer.toString(record);
    return "%s,\"text \"\"%d\"\"%s\"\n".formatted(number, record, record % 9 == 0 ? "\n" : "");
  }

  @Test
  void fiveBadRecordsOfAQuarterMillionCostAtMostTenProbesAndOneInsert() {
    Set<Integer> bad = new TreeSet<>(Set.of(1, 77_777, 77_778, 180_009, 250_000));
    home.table(FLOW, "id UInt64, text String").movingFlow(FLOW, "batchRows=250000");
    String records =
        IntStream.rangeClosed(1, 250_000)
            .mapToObj(record -> line(record, bad))
            .collect(Collectors.joining());
    home.drop(FLOW, "a.csv", "id,text\n" + records);

    assertThat(home.once().holds()).isEmpty();

    assertThat(home.rows(FLOW, "count(), uniqExact(id), sum(id)"))
        .containsExactly(
            "249995\t249995\t"
                + (250_000L * 250_001 / 2 - bad.stream().mapToLong(Integer::longValue).sum()));
    assertThat(home.states(FLOW)).containsExactly("completed_with_dead_letters");
    assertThat(letters())
        .allSatisfy(
            letter -> {
              int record = Math.toIntExact(letter.record());
              assertThat(raw(letter)).isEqualTo(line(record, bad));
              assertThat(letter.sourceOffset())
                  .isEqualTo("id,text\n".length() + records.indexOf(raw(letter)));
              assertThat(letter.line())
                  .isEqualTo(
                      2 + records.substring(0, records.indexOf(raw(letter))).lines().count());
              assertThat(letter.column()).isEqualTo("id");
              assertThat(letter.errorName()).isEqualTo("CANNOT_PARSE_INPUT_ASSERTION_FAILED");
              assertThat(letter.reason()).doesNotContain("no number");
            });
    assertThat(letters().stream().map(letter -> (int) letter.record()))
        .containsExactlyElementsOf(bad);
    assertThat(queries("JSONHas(log_comment, 'probe_of')")).isLessThanOrEqualTo(10);
    assertThat(queries("NOT JSONHas(log_comment, 'probe_of') AND type = 'QueryFinish'")).isOne();
    assertThat(home.batches())
        .extracting(BatchRow::state)
        .containsExactly(BatchState.SPLIT, BatchState.COMMITTED);
    assertThat(home.batches().get(1).parent()).isEqualTo(home.batches().get(0).id());
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
    assertThat(TestClickHouse.query("SELECT count() FROM system.tables WHERE name LIKE 'probe_%'"))
        .isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.csv | id,text\\n | %s,\"x, %s\"\\r\\n",
        "a.tsv | id\\ttext\\n | %s\\tx %s\\n",
        "a.ndjson | '' | {\"id\": %s, \"text\": \"x %s\"}\\n"
      })
  void eachFormatKeepsTheRawRecords(String file, String header, String line) {
    home.table(FLOW, "id UInt64, text String").movingFlow(FLOW, "batchRows=100");
    StringBuilder records = new StringBuilder(header.translateEscapes());
    TreeSet<String> refused = new TreeSet<>();
    for (int record = 1; record <= 350; record++) {
      boolean bad = record % 50 == 7;
      String each = line.translateEscapes().formatted(bad ? "\"no\"" : record, "y" + record);
      records.append(each);
      if (bad) {
        refused.add(each);
      }
    }
    home.drop(FLOW, file, records.toString());

    assertThat(home.once().holds()).isEmpty();

    assertThat(letters().stream().map(this::raw)).containsExactlyInAnyOrderElementsOf(refused);
    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly("343\t343");
    assertThat(home.rows(FLOW, "count()").get(0)).isEqualTo("343");
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void whatAConstraintRefusesIsFoundToo() {
    home.table(FLOW, "id UInt64, text String, CONSTRAINT small CHECK id < 900")
        .movingFlow(FLOW, "batchRows=500");
    home.drop(
        FLOW,
        "a.csv",
        "id,text\n"
            + IntStream.range(0, 1000).mapToObj(id -> id + ",x\n").collect(Collectors.joining()));

    assertThat(home.once().holds()).isEmpty();

    assertThat(home.rows(FLOW, "count(), max(id)")).containsExactly("900\t899");
    assertThat(letters()).hasSize(100).extracting(DeadLetterRow::errorCode).containsOnly(469);
    assertThat(letters()).extracting(DeadLetterRow::record).doesNotHaveDuplicates();
  }

  @Test
  void aBatchOfNothingButBadRecordsIsDeadAndTheOthersArrive() {
    home.table(FLOW, "id UInt64, text String").movingFlow(FLOW, "batchRows=3");
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n3,c\nx,d\ny,e\nz,f\n7,g\n");

    assertThat(home.once().holds()).isEmpty();

    assertThat(home.rows(FLOW, "id")).containsExactly("1", "2", "3", "7");
    assertThat(home.batches())
        .extracting(BatchRow::state)
        .containsExactly(BatchState.COMMITTED, BatchState.DEAD, BatchState.COMMITTED);
    assertThat(letters()).extracting(DeadLetterRow::line).containsExactly(5L, 6L, 7L);
  }

  @ParameterizedTest
  @CsvSource({"maxBadRows=5, 6", "maxBadRows=1%25, 35"})
  void moreBadRecordsThanMayBeEndTheRunWithTheRestUntouched(String option, int bad) {
    home.table(FLOW, "id UInt64, text String")
        .movingFlow(FLOW, "batchRows=1000&inFlight=1&" + option);
    String good =
        IntStream.range(0, 1000).mapToObj(id -> id + ",x\n").collect(Collectors.joining());
    String wrong =
        IntStream.range(0, 1000)
            .mapToObj(id -> (id < bad ? "wrong" : 2000 + id) + ",x\n")
            .collect(Collectors.joining());
    home.drop(FLOW, "a.csv", "id,text\n" + good + wrong + good);

    home.once();

    assertThat(home.states(FLOW)).containsExactly("failed");
    RunRow run = home.runs(FLOW).get(0);
    assertThat(run.reason()).contains("maxBadRows=").contains("column id");
    assertThat(run.remedy()).contains("rerun");
    assertThat(home.rows(FLOW, "count(), max(id)")).containsExactly("1000\t999");
    assertThat(letters()).isEmpty();
    assertThat(home.files("data/dead-letters/" + FLOW)).isEmpty();

    home.movingFlow(FLOW, "batchRows=1000&inFlight=1&maxBadRows=50");
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.states(FLOW)).as("it waits for somebody").containsExactly("failed");
    assertThat(home.order(new Order.Rerun(run.id(), false, false)).outcome())
        .isEqualTo(Answer.Outcome.DEAD_LETTERS);
    assertThat(home.states(FLOW)).containsExactly("completed_with_dead_letters");
    assertThat(home.rows(FLOW, "count()")).containsExactly(Integer.toString(3000 - bad));
    assertThat(letters()).hasSize(bad);
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  @Test
  void manyBadRecordsAreFoundWithoutOneProbeForEach() {
    home.table(FLOW, "id UInt64, text String").movingFlow(FLOW, "batchRows=9000&maxBadRows=5000");
    home.drop(
        FLOW,
        "a.csv",
        "id,text\n"
            + IntStream.range(0, 9000)
                .mapToObj(id -> (id >= 3000 && id < 6000 ? "x" + id : id) + ",x\n")
                .collect(Collectors.joining()));

    assertThat(home.once().holds()).isEmpty();

    assertThat(home.rows(FLOW, "count(), uniqExact(id)")).containsExactly("6000\t6000");
    assertThat(letters()).hasSize(3000);
  }

  @Test
  void deadLettersBeyondTheirRoomHoldTheFlowAndNothingIsDropped() {
    home.table(FLOW, "id UInt64, text String").movingFlow(FLOW, "batchRows=2");
    home.set("waybill.dead-letters.max-bytes", "1KB");
    home.drop(FLOW, "a.csv", "id,text\n1,a\nno," + "x".repeat(2000) + "\n3,c\n");

    assertThat(home.once().holds()).singleElement().asString().contains("DEAD_LETTERS_FULL");
    assertThat(home.rows(FLOW, "id")).doesNotContain("1");
    assertThat(home.files("in/" + FLOW)).containsExactly("a.csv");

    home.set("waybill.dead-letters.max-bytes", "1MB");
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "3");
    assertThat(letters()).hasSize(1);
  }

  @Test
  void onlyTheOwnerReadsDeadLetters() throws IOException {
    home.table(FLOW, "id UInt64, text String").movingFlow(FLOW, "");
    home.drop(FLOW, "a.csv", "id,text\n1,a\nno,b\n");
    home.once();
    Path file = folder.resolve("data/dead-letters").resolve(letters().get(0).file());
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    assertThat(Files.getPosixFilePermissions(file.getParent()))
        .containsExactlyInAnyOrder(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);
  }
}
