package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.Run;
import io.waybill.delivery.Unit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of writing has lost nothing that it acknowledged. */
class LedgerKillIT {
  private static final int ROUNDS = 4;
  private static final int ACKNOWLEDGED = 150;
  @TempDir Path home;

  /** Plans and commits without end, and says so after each. */
  static final class Writer {
    public static void main(String[] args) {
      try (JdbcLedger ledger =
          args[0].startsWith("jdbc:")
              ? JdbcLedger.open(
                  TestLedger.InPostgres.place(args[0], Path.of("/home" + args[1])), Samples.ORIGIN)
              : JdbcLedger.open(Path.of(args[0]), Samples.ORIGIN)) {
        Unit unit = Samples.unit(ledger, "a.csv");
        Run run = Samples.run(ledger, "r" + args[1], unit);
        for (long sequence = 1; ; sequence++) {
          BatchPlan plan = Samples.plan(run, unit, sequence);
          ledger.plan(plan);
          System.out.println(unit.id() + " " + plan.id() + " planned");
          ledger.commit(Samples.committed(plan));
          System.out.println(unit.id() + " " + plan.id() + " committed");
        }
      }
    }
  }

  /** Batch ids and the last state that the killed process acknowledged. */
  private Map<String, String> writeAndKill(String where, int round) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                where,
                Integer.toString(round))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Map<String, String> acknowledged = new HashMap<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (int read = 0; ; read++) {
        if (read == ACKNOWLEDGED) {
          // SIGKILL; what it had said before is still in the pipe
          process.destroyForcibly();
        }
        String line = lines.readLine();
        if (line == null) {
          break;
        }
        String[] words = line.split(" ", -1);
        if (words.length == 3 && (words[2].equals("planned") || words[2].equals("committed"))) {
          acknowledged.put(words[0] + " " + words[1], words[2]);
        }
      }
    } catch (IOException e) {
      // the pipe may break with its writer
      assertThat(process.waitFor()).isNotZero();
    } finally {
      process.destroyForcibly();
    }
    process.waitFor();
    return acknowledged;
  }

  @Test
  void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
    Path file = home.resolve("ledger.db");
    killAndCompare(file.toString(), TestLedger.inFile(file));
  }

  @Test
  void whatWasAcknowledgedIsThereAfterAKillInPostgres() throws Exception {
    TestLedger.InPostgres store = (TestLedger.InPostgres) TestLedger.inPostgres(home);
    killAndCompare(store.server().url(store.schema()), store);
  }

  private void killAndCompare(String where, TestLedger store) throws Exception {
    Map<String, String> acknowledged = new HashMap<>();
    for (int round = 1; round <= ROUNDS; round++) {
      acknowledged.putAll(writeAndKill(where, round));
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * ACKNOWLEDGED / 2);

    try (JdbcLedger ledger = store.open();
        LedgerReader reader = store.read()) {
      long committed = 0;
      List<Run> runs = ledger.interruptedRuns();
      for (Run run : runs) {
        long ofRun = 0;
        for (LedgerBatch batch : ledger.batches(run.unit())) {
          String said = acknowledged.remove(run.unit() + " " + batch.plan().id());
          if ("committed".equals(said)) {
            assertThat(batch.state()).isEqualTo(BatchState.COMMITTED);
          }
          ofRun += batch.state() == BatchState.COMMITTED ? 1 : 0;
        }
        assertThat(reader.run(run.id()).batches()).isEqualTo(ofRun);
        committed += ofRun;
      }
      assertThat(acknowledged).as("acknowledged, but not in the ledger").isEmpty();
      assertThat(ledger.pending())
          .as("one event for each settlement, and each begin of a run")
          .isEqualTo(committed + runs.size());
    }
  }
}
