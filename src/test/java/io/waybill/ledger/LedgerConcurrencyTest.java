package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.Unit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerConcurrencyTest {
  private static final int THREADS = 6;
  private static final int BATCHES = 40;
  @TempDir Path home;
  TestLedger store;

  TestLedger store() {
    return TestLedger.inFile(home.resolve("ledger.db"));
  }

  private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : threads.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static long deliver(JdbcLedger ledger, int thread) {
    Unit unit = Samples.unit(ledger, thread + ".csv");
    Run run = Samples.run(ledger, "r" + thread, unit);
    for (int sequence = 1; sequence <= BATCHES; sequence++) {
      BatchPlan plan = Samples.plan(run, unit, sequence);
      ledger.plan(plan);
      ledger.commit(Samples.committed(plan));
    }
    return unit.id();
  }

  /** Reads until all is there; what it sees of a run must always add up. */
  private static long watch(LedgerReader reader) {
    long reads = 0;
    for (; ; reads++) {
      long committed = 0;
      for (RunRow run : reader.runs(Optional.empty(), THREADS)) {
        assertThat(run.rows()).isEqualTo(run.batches() * 10);
        assertThat(run.attempts()).isEqualTo(run.batches() + run.inDoubtBatches());
        committed += run.batches();
      }
      if (committed == (long) THREADS * BATCHES) {
        return reads;
      }
    }
  }

  @Test
  void manyThreadsWriteWhileOthersRead() throws Exception {
    store = store();
    try (JdbcLedger ledger = store.open();
        LedgerReader reader = store.read()) {
      List<Callable<Long>> tasks = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        tasks.add(() -> deliver(ledger, thread));
      }
      tasks.add(() -> watch(reader));
      List<Long> units = together(tasks).subList(0, THREADS);

      assertThat(ledger.pending()).isEqualTo(THREADS * (BATCHES + 1L));
      for (long unit : units) {
        assertThat(ledger.batches(unit))
            .hasSize(BATCHES)
            .allMatch(batch -> batch.state() == BatchState.COMMITTED);
      }
    }
  }

  @Test
  void oneOfManySettlementsOfABatchCounts() throws Exception {
    try (JdbcLedger ledger = store().open()) {
      Unit unit = Samples.unit(ledger, "a.csv");
      Run run = Samples.run(ledger, "r1", unit);
      BatchPlan plan = Samples.plan(run, unit, 1);
      ledger.plan(plan);
      Callable<Boolean> settle =
          () -> {
            try {
              ledger.commit(Samples.committed(plan));
              return true;
            } catch (LedgerException e) {
              return false;
            }
          };

      assertThat(together(List.of(settle, settle, settle, settle))).containsOnlyOnce(true);
      assertThat(ledger.pending()).as("the run began, one settlement").isEqualTo(2);
    }
  }
}
