package io.waybill.app;

import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.RowCount;
import io.waybill.clickhouse.Tables;
import io.waybill.control.Answer;
import io.waybill.control.Answer.Outcome;
import io.waybill.control.Order;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.Evidence.Unverifiable;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.ReconcileBook;
import io.waybill.ledger.RunNotFoundException;
import io.waybill.ledger.RunRow;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Compares what the ledger says of a run with the rows of its table, batch by batch, and lets what
 * is missing be sent again. Thread-safe.
 */
final class Reconciliation {
  private static final int TOKENS_PER_QUERY = 500;
  private static final int MOST_NAMED = 20;
  private final Supplier<LedgerReader> readers;
  private final ReconcileBook book;
  private final Function<String, ClickHouseClient> clients;
  private final Reruns reruns;
  private final Clock clock;

  Reconciliation(
      Supplier<LedgerReader> readers,
      JdbcLedger ledger,
      Function<String, ClickHouseClient> clients,
      Reruns reruns,
      Clock clock) {
    this.readers = readers;
    this.book = ledger.reconciling();
    this.clients = clients;
    this.reruns = reruns;
    this.clock = clock;
  }

  Answer reconcile(Order.Reconcile order, String by) {
    RunRow run;
    List<BatchRow> batches;
    try (LedgerReader reader = readers.get()) {
      run = reader.run(order.run());
      batches =
          reader.batches(run.id()).stream()
              .filter(batch -> batch.state() == BatchState.COMMITTED)
              .toList();
    } catch (RunNotFoundException e) {
      return Answers.refused(e.getMessage());
    }
    try {
      return compare(run, batches, order.send(), by);
    } catch (QueryFailedException e) {
      return Answers.failed("ClickHouse cannot be asked: " + e.getMessage(), "try again");
    }
  }

  private Answer compare(RunRow run, List<BatchRow> batches, boolean send, String by) {
    if (batches.isEmpty()) {
      return Answers.done("run " + run.id() + " has no committed batches");
    }
    ClickHouseClient client = clients.apply(run.flow());
    RowCount rows = new RowCount(client);
    Optional<Tables.Table> table = new Tables(client).table(run.target());
    if (table.isEmpty()) {
      return Answers.refused("table " + run.target() + " is not there; create it first");
    }
    boolean noted = batches.stream().allMatch(batch -> book.isCountable(batch.id()));
    Optional<Unverifiable> objection = rows.countable(table.get(), noted);
    if (objection.isPresent()) {
      return Answers.refused("run " + run.id() + " cannot be compared: " + objection.get().why());
    }
    Map<String, Long> found = count(rows, table.get(), batches, book.tokens(run.id()));
    List<BatchRow> missing = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (BatchRow batch : batches) {
      long there = found.getOrDefault(batch.id(), 0L);
      if (there == 0) {
        missing.add(batch);
      } else if (there != batch.rows()) {
        lines.add(odd(run, batch, there));
      }
    }
    lines.add(
        0,
        "run %s: %s committed batches, %s rows; in %s: %s rows, %s batches missing, %s odd"
            .formatted(
                run.id(),
                Answers.count(batches.size()),
                Answers.count(batches.stream().mapToLong(BatchRow::rows).sum()),
                run.target(),
                Answers.count(found.values().stream().mapToLong(Long::longValue).sum()),
                Answers.count(missing.size()),
                Answers.count(lines.size())));
    missing.stream()
        .limit(MOST_NAMED)
        .forEach(batch -> lines.add("missing: " + batch.id() + ", " + batch.rows() + " rows"));
    return mended(run, missing, send, by, new Answer(outcome(missing, lines), lines));
  }

  private static Outcome outcome(List<BatchRow> missing, List<String> lines) {
    return missing.isEmpty() && lines.size() == 1 ? Outcome.DONE : Outcome.HELD_OR_FAILED;
  }

  private Answer mended(
      RunRow run, List<BatchRow> missing, boolean send, String by, Answer compared) {
    if (missing.isEmpty()) {
      return compared;
    }
    List<String> lines = new ArrayList<>(compared.lines());
    if (!send) {
      lines.add("./waybill reconcile " + run.id() + " --send sends again what is missing");
      return new Answer(compared.outcome(), lines);
    }
    boolean anyOdd = lines.size() > 1 + Math.min(missing.size(), MOST_NAMED);
    book.reopen(
        run,
        missing,
        "%d batches were not in the table any more".formatted(missing.size()),
        by,
        clock.instant());
    Answer sent = reruns.send(run);
    lines.addAll(sent.lines());
    return new Answer(anyOdd ? Outcome.HELD_OR_FAILED : sent.outcome(), lines);
  }

  private static Map<String, Long> count(
      RowCount rows, Tables.Table table, List<BatchRow> batches, Map<String, List<String>> tokens) {
    Map<String, Long> found = new HashMap<>();
    for (int from = 0; from < batches.size(); from += TOKENS_PER_QUERY) {
      List<BatchRow> some =
          batches.subList(from, Math.min(batches.size(), from + TOKENS_PER_QUERY));
      Map<String, Long> counts =
          rows.byToken(
              table, some.stream().flatMap(batch -> tokens.get(batch.id()).stream()).toList());
      for (BatchRow batch : some) {
        found.put(
            batch.id(),
            tokens.get(batch.id()).stream()
                .mapToLong(token -> counts.getOrDefault(token, 0L))
                .sum());
      }
    }
    return found;
  }

  private String odd(RunRow run, BatchRow batch, long there) {
    return "odd: %d of %d rows of batch %s are there; ALTER TABLE %s DELETE WHERE %s IN (%s) SETTINGS mutations_sync = 2, then reconcile again with --send"
        .formatted(
            there,
            batch.rows(),
            batch.id(),
            run.target().quoted(),
            Tables.PROVENANCE,
            book.tokens(run.id()).get(batch.id()).stream()
                .map(token -> "'" + token + "'")
                .collect(Collectors.joining(", ")));
  }
}
