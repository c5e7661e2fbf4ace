package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The life of a run's batches against a model of it, over all sequences of up to six events: what
 * the model allows happens, what it forbids is refused and changes nothing.
 */
class BatchLifeTest {
  private static final int LONGEST = 6;

  @TempDir Path folder;
  private JdbcLedger ledger;
  private int sequences;
  private int refusals;
  private final Set<String> tried = new HashSet<>();

  /** What can happen. */
  private enum Event {
    PLAN,
    ATTEMPT,
    REFUSED,
    RENEW,
    RESHAPE,
    COMMIT,
    COMMIT_UNDER_FORMER_TOKEN,
    COMMIT_TWICE,
    SPLIT,
    BURY,
    COMPLETE,
    HOLD,
    RESUME
  }

  @BeforeEach
  void open() {
    ledger = ledger();
  }

  JdbcLedger ledger() {
    Path file = folder.resolve("ledger.db");
    JdbcLedger.open(file, Samples.ORIGIN).close();
    return JdbcLedger.open(file, Samples.ORIGIN, new Fast(file));
  }

  int longest() {
    return LONGEST;
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  /** Without syncing: nothing crashes here. */
  private record Fast(Path file) implements Connector {
    @Override
    public Connection connect() throws SQLException {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA synchronous = OFF");
        statement.execute("PRAGMA foreign_keys = ON");
      }
      return connection;
    }

    @Override
    public LedgerException explain(String what, SQLException cause) {
      return new LedgerException(what, cause);
    }
  }

  /** What must be true of a run and its batches. Changes with each event that it allows. */
  private final class Model {
    private final Unit unit;
    private final Run run;
    private final List<LedgerBatch> batches = new ArrayList<>();
    private RunState state = RunState.RUNNING;
    private long turns;

    Model(String name) {
      unit = Samples.unit(ledger, name);
      run = Samples.run(ledger, name, unit);
    }

    private LedgerBatch last() {
      return batches.get(batches.size() - 1);
    }

    private boolean isPlanned() {
      return !batches.isEmpty() && last().state() == BatchState.PLANNED;
    }

    boolean allows(Event event) {
      return switch (event) {
        case PLAN -> batches.isEmpty() && state == RunState.RUNNING;
        case ATTEMPT, RENEW, COMMIT, BURY -> isPlanned();
        case SPLIT -> isPlanned() && state == RunState.RUNNING;
        case REFUSED -> isPlanned() && last().refused() < last().attempts();
        case RESHAPE -> isPlanned() && last().refused() == last().attempts();
        case COMMIT_UNDER_FORMER_TOKEN, COMMIT_TWICE -> false;
        case COMPLETE -> !state.isComplete() && !isPlanned();
        case HOLD, RESUME -> !state.isComplete();
      };
    }

    /** Lets it happen in the ledger, be it allowed or not. */
    void happen(Event event) {
      BatchPlan plan = batches.isEmpty() ? Samples.plan(run, unit, 1) : last().plan();
      switch (event) {
        case PLAN -> ledger.plan(plan);
        case ATTEMPT -> ledger.nextAttempt(plan);
        case REFUSED -> ledger.refused(plan.id());
        case RENEW -> ledger.renew(renewed(plan));
        case RESHAPE -> ledger.reshape(plan);
        case COMMIT -> ledger.commit(Samples.committed(plan));
        case COMMIT_UNDER_FORMER_TOKEN ->
            ledger.commit(Samples.committed(plan.withToken("another")));
        case COMMIT_TWICE -> {
          if (isPlanned()) {
            throw new LedgerException("not settled yet", null);
          }
          ledger.commit(Samples.committed(plan));
        }
        case SPLIT ->
            ledger.split(Samples.split(plan, 1), rest(plan), Samples.letters(plan).subList(0, 1));
        case BURY -> ledger.bury(Samples.dead(plan), Samples.letters(plan));
        case COMPLETE ->
            ledger.endRun(run.id(), RunState.COMPLETED, "", "", Samples.STAMP, Samples.NOON);
        case HOLD -> ledger.endRun(run.id(), RunState.HELD, "why", "", Samples.STAMP, Samples.NOON);
        case RESUME -> ledger.resumeRun(run.id(), Samples.STAMP, Samples.NOON);
      }
    }

    private BatchPlan renewed(BatchPlan plan) {
      return plan.withToken(plan.token() + "'");
    }

    private BatchPlan rest(BatchPlan plan) {
      return Samples.rest(plan, batches.size() + 1, plan.without().size() + 1);
    }

    /** What is true after it happened. */
    void follow(Event event) {
      switch (event) {
        case PLAN -> batches.add(planned(Samples.plan(run, unit, 1)));
        case ATTEMPT -> replace(last().plan(), BatchState.PLANNED, 1, 0, List.of());
        case REFUSED -> replace(last().plan(), BatchState.PLANNED, 0, 1, List.of());
        case RENEW ->
            replace(
                renewed(last().plan()), BatchState.PLANNED, 0, 0, List.of(last().plan().token()));
        case COMMIT -> replace(last().plan(), BatchState.COMMITTED, 0, 0, List.of());
        case SPLIT -> {
          BatchPlan rest = rest(last().plan());
          replace(last().plan(), BatchState.SPLIT, 0, 0, List.of());
          batches.add(planned(rest));
        }
        case BURY -> replace(last().plan(), BatchState.DEAD, 0, 0, List.of());
        case COMPLETE -> turn(RunState.COMPLETED);
        case HOLD -> turn(RunState.HELD);
        case RESUME -> turn(RunState.RUNNING);
        default -> {}
      }
    }

    private void turn(RunState to) {
      state = to;
      turns++;
    }

    private static LedgerBatch planned(BatchPlan plan) {
      return new LedgerBatch(plan, BatchState.PLANNED, 1, 0, List.of());
    }

    private void replace(
        BatchPlan plan, BatchState now, int attempts, int refused, List<String> tokens) {
      LedgerBatch was = batches.remove(batches.size() - 1);
      List<String> former = new ArrayList<>(was.formerTokens());
      former.addAll(tokens);
      batches.add(
          new LedgerBatch(
              plan, now, was.attempts() + attempts, was.refused() + refused, List.copyOf(former)));
    }

    /** States that the same follows from. */
    String kind() {
      StringBuilder kind = new StringBuilder(state.label());
      for (LedgerBatch batch : batches) {
        kind.append(' ').append(batch.state().label());
        kind.append(batch.attempts() - batch.refused()).append(batch.formerTokens().size());
      }
      return kind.toString();
    }

    void check() {
      List<LedgerBatch> found = ledger.batches(unit.id());
      assertThat(found).hasSameSizeAs(batches);
      for (int i = 0; i < found.size(); i++) {
        LedgerBatch is = found.get(i);
        LedgerBatch should = batches.get(i);
        assertThat(is.state()).isEqualTo(should.state());
        assertThat(is.plan()).isEqualTo(should.plan());
        assertThat(is.attempts()).isEqualTo(should.attempts());
        assertThat(is.refused()).isEqualTo(should.refused());
        if (is.state() == BatchState.PLANNED) {
          assertThat(is.formerTokens()).isEqualTo(should.formerTokens());
        }
      }
      assertThat(ledger.lastRun(unit.id()).orElseThrow().state()).isEqualTo(state);
    }

    long events() {
      return turns + batches.stream().filter(batch -> batch.state() != BatchState.PLANNED).count();
    }
  }

  @Test
  void everySequenceOfSixEventsGoesAsTheModelSays() {
    explore(new ArrayList<>());
    System.out.printf("BatchLifeTest: %d sequences, %d events refused%n", sequences, refusals);
    assertThat(sequences).isGreaterThan(longest() == LONGEST ? 10_000 : 500);
  }

  private void explore(List<Event> sofar) {
    Model model = replayed(sofar);
    sequences++;
    model.check();
    List<Event> next = new ArrayList<>();
    for (Event event : Event.values()) {
      if (model.allows(event)) {
        next.add(event);
      } else if (tried.add(model.kind() + event)) {
        assertThatThrownBy(() -> model.happen(event))
            .as("%s after %s", event, sofar)
            .isInstanceOf(LedgerException.class);
        refusals++;
        model.check();
      }
    }
    if (sofar.size() < longest()) {
      for (Event event : next) {
        sofar.add(event);
        explore(sofar);
        sofar.remove(sofar.size() - 1);
      }
    }
  }

  private Model replayed(List<Event> events) {
    Model model = new Model("r" + sequences);
    long before = ledger.pending();
    for (Event event : events) {
      model.happen(event);
      model.follow(event);
    }
    assertThat(ledger.pending() - before)
        .as("one audit event for each settlement and each turn of the run")
        .isEqualTo(model.events());
    return model;
  }
}
