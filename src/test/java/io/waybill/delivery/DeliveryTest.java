package io.waybill.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.waybill.batch.CutLimits;
import io.waybill.batch.DataSize;
import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.batch.SegmentPool;
import io.waybill.delivery.FakeClickHouse.Behaviour;
import io.waybill.ledger.FileDeadLetters;
import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RunRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state machine with a real ledger and a real file, and a ClickHouse that fails on order. */
final class DeliveryTest {
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");
  @TempDir private Path folder;
  private final FakeClickHouse clickHouse = new FakeClickHouse();
  private final ExecutorService senders = Executors.newFixedThreadPool(3);
  private JdbcLedger ledger;
  private Path file;
  private final Set<String> known = new HashSet<>(Set.of("flow"));
  private final AtomicBoolean stopping = new AtomicBoolean();
  private Clock clock = Clock.systemUTC();
  private MemoryBudget memory = new MemoryBudget(1 << 24);
  private BadRowLimit badRows = BadRowLimit.parse("1000");
  private RunBounds bounds = RunBounds.NONE;
  private AtomicInteger changes;

  @BeforeEach
  void open() {
    ledger = JdbcLedger.open(folder.resolve("ledger.db"));
    file = folder.resolve("in.csv");
    changes = new AtomicInteger();
  }

  @AfterEach
  void close() {
    senders.shutdownNow();
    ledger.close();
  }

  @Test
  void a_file_arrives_once_and_is_unchanged_when_offered_again() throws IOException {
    List<String> records = write(1, 25);

    RunResult first = deliver(10);
    RunResult second = deliver(10);

    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
    assertThat(first.rows()).isEqualTo(25);
    assertThat(second.unchanged()).isTrue();
    assertThat(second.run()).isEqualTo(first.run());
    assertThat(ledger.pending())
        .as("audit events: 3 batches, begin and end of the run")
        .isEqualTo(5);
  }

  @Test
  void a_run_that_would_bring_too_many_rows_fails_and_goes_on_when_it_may() throws IOException {
    List<String> records = write(1, 25);
    bounds = new RunBounds(Optional.of(new RunBounds.Bound(20, "policy.yaml:7")), Optional.empty());

    assertThatThrownBy(() -> deliver(10))
        .isInstanceOf(RunFailedException.class)
        .hasMessage("the run would bring more than 20 rows (policy.yaml:7)");
    assertThat(clickHouse.lines()).hasSize(20);
    assertThatThrownBy(() -> deliver(10)).isInstanceOf(RunFailedException.class);
    assertThatThrownBy(() -> deliver(10, Demand.RERUN)).isInstanceOf(RunFailedException.class);
    assertThat(clickHouse.lines()).hasSize(20);

    bounds = new RunBounds(Optional.of(new RunBounds.Bound(25, "policy.yaml:7")), Optional.empty());
    assertThat(deliver(10, Demand.RERUN).state()).isEqualTo(RunState.COMPLETED);
    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
  }

  @Test
  void a_run_that_would_bring_too_many_bytes_fails_before_its_batch_is_planned()
      throws IOException {
    write(1, 25);
    bounds = new RunBounds(Optional.empty(), Optional.of(new RunBounds.Bound(10, "policy.yaml:8")));

    assertThatThrownBy(() -> deliver(10))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("10 bytes (policy.yaml:8)");
    assertThat(clickHouse.lines()).isEmpty();
  }

  @Test
  void what_a_run_brought_before_it_was_resumed_counts() throws IOException {
    List<String> records = write(1, 25);
    long less = Files.size(file) - 1;
    bounds = new RunBounds(Optional.empty(), Optional.of(new RunBounds.Bound(less, "p")));

    assertThatThrownBy(() -> deliver(10)).isInstanceOf(RunFailedException.class);
    assertThat(clickHouse.lines()).hasSize(20);
    assertThatThrownBy(() -> deliver(10, Demand.RERUN))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining(less + " bytes (p)");
    assertThat(clickHouse.lines()).hasSize(20);
    bounds = RunBounds.NONE;
    assertThat(deliver(10, Demand.RERUN).state()).isEqualTo(RunState.COMPLETED);
    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
  }

  @Test
  void a_touched_file_is_unchanged() throws IOException {
    write(1, 5);
    RunResult first = deliver(10);
    touch();

    assertThat(deliver(10).unchanged()).isTrue();
    assertThat(runs()).extracting(RunRow::id).containsExactly(first.run());
  }

  @Test
  void a_grown_file_delivers_its_tail_by_a_new_run() throws IOException {
    List<String> records = new ArrayList<>(write(1, 15));
    deliver(10);
    records.addAll(append(16, 21));

    RunResult second = deliver(10);

    assertThat(second.rows()).isEqualTo(6);
    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
    assertThat(runs()).hasSize(2);
  }

  @Test
  void an_overwritten_file_is_delivered_whole() throws IOException {
    List<String> records = new ArrayList<>(write(1, 15));
    deliver(10);
    records.addAll(write(101, 115));

    assertThat(deliver(10).rows()).isEqualTo(15);
    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
  }

  @Test
  void an_overwritten_file_whose_beginning_is_the_same_is_delivered_whole() throws IOException {
    List<String> records = new ArrayList<>(write(1, 15));
    deliver(10);
    List<String> replaced = new ArrayList<>(records.subList(0, 12));
    replaced.addAll(List.of("x,1", "x,2", "x,3"));
    overwrite(replaced);
    records.addAll(replaced);

    assertThat(deliver(10).rows()).isEqualTo(15);
    assertThat(clickHouse.lines())
        .as("the first batch is the same, and its generation makes it another one")
        .containsExactlyInAnyOrderElementsOf(records);
  }

  @Test
  void an_answer_that_got_lost_does_not_double_the_batch() throws IOException {
    List<String> records = write(1, 25);
    clickHouse.behave((plan, attempt) -> Behaviour.TAKE_BUT_LOSE_THE_ANSWER);
    assertThatThrownBy(() -> deliver(10)).isInstanceOf(DeliveryStoppedException.class);

    clickHouse.behave((plan, attempt) -> Behaviour.TAKE);
    RunResult result = deliver(10);

    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
    assertThat(result.state()).isEqualTo(RunState.COMPLETED);
    assertThat(runs()).as("the run goes on").hasSize(1);
  }

  @Test
  void a_clock_that_jumps_at_each_look_changes_nothing_but_times() throws IOException {
    clock = new JumpingClock();
    List<String> records = new ArrayList<>(write(1, 25));
    clickHouse.behave((plan, attempt) -> Behaviour.TAKE_BUT_LOSE_THE_ANSWER);
    assertThatThrownBy(() -> deliver(10)).isInstanceOf(DeliveryStoppedException.class);

    clickHouse.behave((plan, attempt) -> Behaviour.TAKE);
    assertThat(deliver(10).state()).isEqualTo(RunState.COMPLETED);
    records.addAll(append(26, 40));
    assertThat(deliver(10).state()).isEqualTo(RunState.COMPLETED);
    assertThat(deliver(10).rows()).isZero();

    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
  }

  /** A day forth, two days back, and so on. */
  private static final class JumpingClock extends Clock {
    private final AtomicInteger looks = new AtomicInteger();

    @Override
    public Instant instant() {
      int look = looks.incrementAndGet();
      return Instant.now().plus(Duration.ofDays(look % 2 == 0 ? look : -look));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void planned_batches_keep_their_cuts_when_the_options_change() throws IOException {
    List<String> records = write(1, 25);
    clickHouse.behave((plan, attempt) -> Behaviour.TAKE_BUT_LOSE_THE_ANSWER);
    assertThatThrownBy(() -> deliver(10)).isInstanceOf(DeliveryStoppedException.class);

    clickHouse.behave((plan, attempt) -> Behaviour.TAKE);
    deliver(4);

    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
  }

  @Test
  void a_source_that_changed_while_a_batch_is_in_doubt_fails_and_inserts_nothing()
      throws IOException {
    List<String> records = write(1, 25);
    clickHouse.behave((plan, attempt) -> Behaviour.TAKE_BUT_LOSE_THE_ANSWER);
    assertThatThrownBy(() -> deliver(10)).isInstanceOf(DeliveryStoppedException.class);
    List<String> before = clickHouse.lines();
    clickHouse.behave((plan, attempt) -> Behaviour.TAKE);
    write(101, 125);

    assertThatThrownBy(() -> deliver(10))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("source changed")
        .hasMessageContaining(file.toString());
    assertThat(clickHouse.lines()).isEqualTo(before);
    assertThatThrownBy(() -> deliver(10))
        .isInstanceOfSatisfying(
            RunFailedException.class, again -> assertThat(again.isRepeated()).isTrue());

    overwrite(records);
    assertThat(deliver(10).state()).isEqualTo(RunState.COMPLETED);
    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
  }

  @Test
  void a_held_run_goes_on_where_it_was_left() throws IOException {
    List<String> records = write(1, 50);
    clickHouse.behave((plan, attempt) -> plan.sequence() >= 3 ? Behaviour.HOLD : Behaviour.TAKE);
    assertThatThrownBy(() -> deliver(10)).isInstanceOf(HeldDeliveryException.class);
    assertThat(runs().get(0).state()).isEqualTo(RunState.HELD);
    assertThat(runs().get(0).reason()).contains("UNKNOWN_TABLE");

    clickHouse.behave((plan, attempt) -> Behaviour.TAKE);
    deliver(10);

    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
    assertThat(runs()).hasSize(1);
    assertThat(runs().get(0).state()).isEqualTo(RunState.COMPLETED);
  }

  @Test
  void a_stop_lets_batches_in_flight_arrive_and_plans_no_more() throws IOException {
    List<String> records = write(1, 100);
    clickHouse.behave(
        (plan, attempt) -> {
          stopping.set(true);
          return Behaviour.TAKE;
        });

    assertThatThrownBy(() -> deliver(10)).isInstanceOf(DeliveryStoppedException.class);
    assertThat(runs().get(0).inDoubtBatches()).isZero();
    assertThat(runs().get(0).state()).isEqualTo(RunState.HELD);
    assertThat(clickHouse.lines()).hasSizeLessThan(100);

    stopping.set(false);
    clickHouse.behave((plan, attempt) -> Behaviour.TAKE);
    deliver(10);
    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
  }

  @Test
  void never_more_batches_are_in_memory_than_in_flight_and_one() throws IOException {
    write(1, 2_000);
    AtomicLong most = new AtomicLong();
    clickHouse.behave(
        (plan, attempt) -> {
          most.accumulateAndGet(runs().get(0).inDoubtBatches(), Math::max);
          return Behaviour.TAKE;
        });

    deliver(10);

    assertThat(most.get()).as("batches planned and not settled").isBetween(2L, 4L);
  }

  @Test
  void flows_that_share_too_little_memory_take_turns_and_all_arrive() throws Exception {
    memory = new MemoryBudget(1 << 20);
    List<String> records = write(1, 500);
    List<Future<RunResult>> runs = new ArrayList<>();
    ExecutorService flows = Executors.newFixedThreadPool(4);
    for (int i = 0; i < 4; i++) {
      Path copy = Files.copy(file, folder.resolve("copy" + i + ".csv"));
      Delivery delivery = delivery(10);
      runs.add(
          flows.submit(
              () ->
                  delivery.deliver(
                      new FileSource(copy, copy.toString()),
                      Format.CSV_WITH_NAMES,
                      SameContent.IGNORE,
                      Demand.OFFERED)));
    }
    for (Future<RunResult> run : runs) {
      assertThat(run.get().rows()).isEqualTo(records.size());
    }
    flows.shutdown();
  }

  @Test
  void a_refused_batch_is_kept_on_disk_and_the_others_arrive() throws IOException {
    List<String> records = write(1, 30);
    clickHouse.behave((plan, attempt) -> plan.sequence() == 2 ? Behaviour.REFUSE : Behaviour.TAKE);

    RunResult result = deliver(10);

    assertThat(result.state()).isEqualTo(RunState.COMPLETED_WITH_DEAD_LETTERS);
    assertThat(result.deadRows()).isEqualTo(10);
    List<String> expected = new ArrayList<>(records.subList(0, 10));
    expected.addAll(records.subList(20, 30));
    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(clickHouse.buried()).hasSize(1);
    assertThat(Files.readAllLines(deadLetter()))
        .as("header and records, as they were sent")
        .containsExactlyElementsOf(withHeader(records.subList(10, 20)));
  }

  @Test
  void dead_letters_of_before_a_crash_count_in_the_state_of_the_run() throws IOException {
    write(1, 30);
    clickHouse.behave((plan, attempt) -> plan.sequence() == 1 ? Behaviour.REFUSE : Behaviour.HOLD);
    assertThatThrownBy(() -> deliver(10)).isInstanceOf(HeldDeliveryException.class);

    clickHouse.behave((plan, attempt) -> Behaviour.TAKE);

    assertThat(deliver(10).state()).isEqualTo(RunState.COMPLETED_WITH_DEAD_LETTERS);
  }

  @Test
  void a_last_record_that_goes_on_after_it_was_delivered_fails_the_run() throws IOException {
    write(1, 5);
    Files.writeString(file, "6,half", StandardOpenOption.APPEND);
    age();
    deliver(10);
    assertThat(clickHouse.lines()).contains("6,half");
    Files.writeString(file, " and whole\n7,g\n", StandardOpenOption.APPEND);
    age();

    assertThatThrownBy(() -> deliver(10))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("goes on there now");
    assertThat(clickHouse.lines()).hasSize(6);
  }

  @Test
  void a_last_record_that_gets_its_line_end_later_is_not_doubled() throws IOException {
    write(1, 5);
    Files.writeString(file, "6,f", StandardOpenOption.APPEND);
    age();
    deliver(10);
    Files.writeString(file, "\n7,g\n", StandardOpenOption.APPEND);
    age();

    assertThat(deliver(10).rows()).isEqualTo(1);
    assertThat(clickHouse.lines()).endsWith("6,f", "7,g").hasSize(7);
  }

  @Test
  void a_record_that_is_still_being_written_is_waited_for() throws Exception {
    write(1, 5);
    Files.writeString(file, "6,fi", StandardOpenOption.APPEND);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(3600)));
    var writer =
        senders.submit(
            () -> {
              await().until(() -> clickHouse.lines().size() == 5);
              Files.writeString(file, "nished\n", StandardOpenOption.APPEND);
              age();
              return null;
            });

    deliver(10);

    writer.get();
    assertThat(clickHouse.lines()).endsWith("6,finished").hasSize(6);
  }

  @Test
  void a_file_that_ends_in_an_open_quote_keeps_the_part_record_as_dead_letter() throws IOException {
    List<String> records = write(1, 3);
    Files.writeString(file, "4,\"cut o", StandardOpenOption.APPEND);
    age();

    RunResult result = deliver(10);

    assertThat(result.state()).isEqualTo(RunState.COMPLETED_WITH_DEAD_LETTERS);
    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
    assertThat(Files.readString(deadLetter())).endsWith("4,\"cut o");
  }

  @Test
  void an_empty_file_completes_without_a_batch() throws IOException {
    Files.writeString(file, "");

    RunResult result = deliver(10);

    assertThat(result.state()).isEqualTo(RunState.COMPLETED);
    assertThat(clickHouse.batches()).isEmpty();
  }

  @Test
  void changing_the_format_behind_delivered_records_fails_the_run() throws IOException {
    write(1, 5);
    deliver(10);
    touch();

    assertThatThrownBy(
            () ->
                delivery(10)
                    .deliver(
                        new FileSource(file, "in.csv"),
                        Format.CSV,
                        SameContent.NOTE,
                        Demand.OFFERED))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("CSVWithNames");
  }

  @Test
  void the_target_may_not_change_while_batches_are_in_doubt() throws IOException {
    write(1, 5);
    clickHouse.behave((plan, attempt) -> Behaviour.TAKE_BUT_LOSE_THE_ANSWER);
    assertThatThrownBy(() -> deliver(10)).isInstanceOf(DeliveryStoppedException.class);

    assertThatThrownBy(
            () ->
                delivery(10, new TableName("db", "other"))
                    .deliver(
                        new FileSource(file, "in.csv"),
                        Format.CSV_WITH_NAMES,
                        SameContent.NOTE,
                        Demand.OFFERED))
        .isInstanceOf(HeldDeliveryException.class)
        .hasMessageContaining("db.t");
  }

  @Test
  void a_lost_ledger_sends_the_same_tokens_again() throws IOException {
    List<String> records = write(1, 25);
    deliver(10);
    ledger.close();
    ledger = JdbcLedger.open(folder.resolve("another.db"));

    deliver(10);

    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
  }

  @Test
  void a_copy_under_another_name_is_delivered_with_a_note() throws IOException {
    List<String> records = new ArrayList<>(write(1, 15));
    RunResult first = deliver(10);
    records.addAll(List.copyOf(records));

    RunResult copy = deliverCopy(SameContent.NOTE);

    assertThat(copy.rows()).isEqualTo(15);
    assertThat(clickHouse.lines()).containsExactlyInAnyOrderElementsOf(records);
    assertThat(runs().get(0).reason()).isEqualTo("same content as run " + first.run());
  }

  @Test
  void a_copy_under_another_name_is_skipped_or_held_by_option() throws IOException {
    write(1, 15);
    RunResult first = deliver(10);

    RunResult copy = deliverCopy(SameContent.SKIP);

    assertThat(copy.unchanged()).isTrue();
    assertThat(copy.run()).isEqualTo(first.run());
    assertThatThrownBy(() -> deliverCopy(SameContent.HOLD))
        .isInstanceOf(HeldDeliveryException.class)
        .hasMessageContaining(first.run());
    assertThat(clickHouse.lines()).hasSize(15);
  }

  @Test
  void a_file_of_the_same_size_and_other_content_is_no_copy() throws IOException {
    write(11, 15);
    deliver(10);
    Files.writeString(folder.resolve("copy.csv"), Files.readString(file).replace("v13", "v31"));

    assertThat(deliverFrom(folder.resolve("copy.csv"), SameContent.SKIP).rows()).isEqualTo(5);
  }

  @Test
  void a_source_of_a_flow_that_vanished_is_held_until_its_history_goes_over() throws IOException {
    write(1, 15);
    deliver(10);
    known.clear();
    known.add("renamed");

    assertThatThrownBy(() -> deliverAs("renamed"))
        .isInstanceOf(HeldDeliveryException.class)
        .hasMessageContaining("the flow flow");
    ledger.renameFlow("flow", "renamed");

    assertThat(deliverAs("renamed").unchanged()).isTrue();
    assertThat(clickHouse.lines()).hasSize(15);
  }

  private RunResult deliverAs(String flow) {
    return delivery(flow, 10, new TableName("db", "t"))
        .deliver(
            new FileSource(file, "in.csv"),
            Format.CSV_WITH_NAMES,
            SameContent.NOTE,
            Demand.OFFERED);
  }

  private RunResult deliverCopy(SameContent rule) throws IOException {
    Path copy = folder.resolve("copy.csv");
    Files.writeString(copy, Files.readString(file));
    return deliverFrom(copy, rule);
  }

  private RunResult deliverFrom(Path path, SameContent rule) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(LONG_AGO));
    return delivery(10)
        .deliver(new FileSource(path, "copy.csv"), Format.CSV_WITH_NAMES, rule, Demand.OFFERED);
  }

  private RunResult deliver(int batchRows) {
    return deliver(batchRows, Demand.OFFERED);
  }

  private RunResult deliver(int batchRows, Demand demand) {
    return delivery(batchRows)
        .deliver(new FileSource(file, "in.csv"), Format.CSV_WITH_NAMES, SameContent.NOTE, demand);
  }

  private Delivery delivery(int batchRows) {
    return delivery(batchRows, new TableName("db", "t"));
  }

  private Delivery delivery(int batchRows, TableName table) {
    return delivery("flow", batchRows, table);
  }

  private Delivery delivery(String name, int batchRows, TableName table) {
    FlowSpec flow =
        new FlowSpec(
            name,
            table,
            new CutLimits(batchRows, 1 << 20, 1 << 20),
            3,
            badRows,
            Duration.ofSeconds(1),
            1000,
            () -> bounds,
            known::contains);
    Papers papers =
        new Papers(
            ledger,
            ledger,
            new FileDeadLetters(folder.resolve("dead-letters"), DataSize.parse("1MB")),
            clickHouse,
            new SilentListener(),
            clock,
            memory,
            new SourceLocks(),
            FaultPoint.NONE,
            new Cancellations(),
            stopping::get);
    return new Delivery(flow, papers, senders, new SegmentPool(), clock);
  }

  private List<RunRow> runs() {
    try (LedgerReader reader = LedgerReader.open(folder.resolve("ledger.db"))) {
      return reader.runs(Optional.empty(), 100);
    }
  }

  private Path deadLetter() throws IOException {
    try (var files = Files.walk(folder.resolve("dead-letters"))) {
      return files.filter(path -> path.toString().endsWith(".csv")).findFirst().orElseThrow();
    }
  }

  private List<String> write(int from, int to) throws IOException {
    List<String> records = records(from, to);
    overwrite(records);
    return records;
  }

  private void overwrite(List<String> records) throws IOException {
    Files.writeString(file, String.join("\n", withHeader(records)) + "\n");
    age();
  }

  private List<String> append(int from, int to) throws IOException {
    List<String> records = records(from, to);
    Files.writeString(file, String.join("\n", records) + "\n", StandardOpenOption.APPEND);
    age();
    return records;
  }

  private void touch() throws IOException {
    age();
  }

  /** A time of change that is long ago, and another one than before. */
  private void age() throws IOException {
    Instant then = LONG_AGO.plusSeconds(changes.incrementAndGet());
    Files.setLastModifiedTime(file, FileTime.from(then));
  }

  private static List<String> withHeader(List<String> records) {
    List<String> lines = new ArrayList<>(List.of("a,b"));
    lines.addAll(records);
    return lines;
  }

  private static List<String> records(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> i + ",v" + i).toList();
  }
}
