package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.BatchState;
import io.waybill.ledger.BatchRow;
import io.waybill.testing.FaultProxy;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.fault.Exchange;
import io.waybill.testing.fault.Fault;
import io.waybill.testing.fault.FaultScript;
import io.waybill.testing.fault.Request;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault of the wire, alone and in mixtures: every row arrives once, with its papers. */
final class WireFaultsIT {
  private static final String FLOW = "wire";
  private static final int ROWS = 40_000;
  private static final int FIRST_FILE = ROWS / 2;
  private static final int BATCH_ROWS = 1000;
  private static final int REPEATS = 3;
  private static final int MIXED = ROWS / BATCH_ROWS;
  private static final int MOST_RUNS = 30;
  private static final Set<Fault> ARRIVING =
      EnumSet.of(Fault.NONE, Fault.CLOSE_IDLE, Fault.SLOW, Fault.SLOW_REPLY, Fault.TRUNCATED_REPLY);
  private static final Tally TALLY = new Tally();

  @TempDir Path folder;

  /** What all cases together came to. */
  private static final class Tally {
    private int cases;
    private int faults;
    private long rows;
    private long lost;
    private long doubled;

    private void add(List<Fault> played, long found, long distinct) {
      cases++;
      faults += played.size();
      rows += found;
      lost += ROWS - distinct;
      doubled += found - distinct;
    }
  }

  @AfterAll
  static void printTally() {
    System.out.printf(
        "WireFaultsIT: %d cases, %d faults played, %d rows, %d lost, %d doubled%n",
        TALLY.cases, TALLY.faults, TALLY.rows, TALLY.lost, TALLY.doubled);
  }

  private RoadHome home() {
    RoadHome home = RoadHome.in(folder);
    home.set("waybill.clickhouse.socket-timeout", "2s")
        .set("waybill.retry.initial-delay", "20ms")
        .set("waybill.retry.max-delay", "200ms")
        .table(FLOW, "id UInt64, text String, amount Int64")
        .flow(FLOW, "batchRows=" + BATCH_ROWS);
    home.drop(FLOW, "a.csv", "id,text,amount\n" + lines(0, FIRST_FILE, "%d,\"%s\"\"%s\",%d\n"));
    home.drop(
        FLOW,
        "b.ndjson",
        lines(FIRST_FILE, ROWS, "{\"id\":%d,\"text\":\"%s\\\"%s\",\"amount\":%d}\n"));
    return home;
  }

  private static String lines(long from, long to, String line) {
    return LongStream.range(from, to)
        .mapToObj(id -> line.formatted(id, "x".repeat(80), id * 7919 % 100_003, id % 2003 - 1000))
        .collect(Collectors.joining());
  }

  private static final String FORMULA =
      """
      SELECT number AS id, concat(repeat('x', 80), '"', toString(number * 7919 %% 100003)) AS text,
        toInt64(number %% 2003) - 1000 AS amount FROM numbers(%d)"""
          .formatted(ROWS);

  private static String summary(String rows) {
    return TestClickHouse.query(
        "SELECT count(), uniqExact(id), sum(cityHash64(id, text, amount)),"
            + " groupBitXor(cityHash64(id, text, amount)) FROM (%s)".formatted(rows));
  }

  private FaultProxy through(RoadHome home, FaultScript script) {
    FaultProxy proxy = FaultProxy.start(TestClickHouse.url(), script);
    home.set("waybill.clickhouse.url", proxy.url());
    return proxy;
  }

  private static void assertWhole(RoadHome home, FaultProxy proxy) {
    String found = summary("SELECT id, text, amount FROM %s.%s".formatted(home.database(), FLOW));
    String[] counts = found.split("\t", -1);
    TALLY.add(proxy.played(), Long.parseLong(counts[0]), Long.parseLong(counts[1]));
    assertThat(found).isEqualTo(summary(FORMULA));
    assertThat(home.states(FLOW)).containsExactly("completed", "completed");
    List<BatchRow> batches = home.batches();
    assertThat(batches).hasSizeGreaterThanOrEqualTo(ROWS / BATCH_ROWS);
    assertThat(batches).extracting(BatchRow::state).containsOnly(BatchState.COMMITTED);
    assertThat(batches.stream().mapToLong(batch -> batch.rows()).sum()).isEqualTo(ROWS);
    assertThat(home.runs(FLOW).stream().mapToLong(run -> run.rows()).sum()).isEqualTo(ROWS);
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
    assertSameBytesEachTime(proxy);
  }

  /** What went out under one token had the same bytes, whenever it went out whole. */
  private static void assertSameBytesEachTime(FaultProxy proxy) {
    Map<String, List<String>> digests =
        proxy.exchanges().stream()
            .filter(exchange -> exchange.request().isInsert() && !exchange.digest().isEmpty())
            .collect(
                Collectors.groupingBy(
                    exchange -> exchange.request().token(),
                    Collectors.mapping(Exchange::digest, Collectors.toList())));
    assertThat(digests)
        .allSatisfy((token, sent) -> assertThat(sent.stream().distinct()).as(token).hasSize(1));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aFaultThreeTimesLosesAndDoublesNothing(Fault fault) {
    List<Fault> script = new ArrayList<>();
    for (int i = 0; i < REPEATS; i++) {
      script.addAll(List.of(Fault.NONE, Fault.NONE, fault));
    }
    RoadHome home = home();
    try (FaultProxy proxy = through(home, FaultScript.of(Request::isRows, script))) {
      RoadHome.Ended ended = home.once();
      assertThat(ended.holds()).isEmpty();
      assertThat(proxy.played()).containsExactly(fault, fault, fault);
      assertWhole(home, proxy);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aMixtureLosesAndDoublesNothing(long seed) {
    mixture(FaultScript.mixture(Request::isRows, MIXED, new Random(seed)));
  }

  @Test
  void aRandomMixtureLosesAndDoublesNothing() {
    long seed = Long.getLong("waybill.test.seed", System.nanoTime());
    System.out.println("WireFaultsIT: -Dwaybill.test.seed=" + seed);
    mixture(FaultScript.mixture(Request::isRows, MIXED, new Random(seed)));
  }

  private void mixture(FaultScript script) {
    RoadHome home = home();
    try (FaultProxy proxy = through(home, script)) {
      runUntilCompleted(home);
      assertThat(script.isUsedUp()).isTrue();
      assertThat(proxy.played()).isNotEmpty();
      assertWhole(home, proxy);
    }
  }

  /** A fault that hits a question about the table holds the flow, which ends a run with once. */
  private static void runUntilCompleted(RoadHome home) {
    for (int run = 0; run < MOST_RUNS && !isCompleted(home); run++) {
      home.once();
    }
  }

  private static boolean isCompleted(RoadHome home) {
    return home.folder().resolve("data/ledger.db").toFile().exists()
        && home.states(FLOW).equals(List.of("completed", "completed"))
        && home.audit().equals(home.settledInLedger());
  }

  @Test
  void faultsOfTheAuditTrailLoseAndDoubleNoPapers() {
    List<Fault> script =
        Stream.of(Fault.values()).filter(fault -> !ARRIVING.contains(fault)).toList();
    RoadHome home = home();
    try (FaultProxy proxy = through(home, FaultScript.of(Request::isAudit, script))) {
      runUntilCompleted(home);
      // several events may go with one insert, a body may be shorter than what was to be cut, and
      // what has arrived is not sent again if the library aborts on a reset: the last faults may
      // find no request left
      assertThat(script).containsSubsequence(proxy.played());
      assertThat(proxy.played()).contains(Fault.RESET_AFTER_BODY);
      assertWhole(home, proxy);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void faultsOfAnyRequestLoseAndDoubleNothing(long seed) {
    FaultScript script = FaultScript.mixture(request -> true, MIXED, new Random(seed));
    RoadHome home = home().set("waybill.clickhouse.compression", "lz4");
    try (FaultProxy proxy = through(home, script)) {
      runUntilCompleted(home);
      assertThat(proxy.played()).isNotEmpty();
      assertWhole(home, proxy);
    }
  }
}
