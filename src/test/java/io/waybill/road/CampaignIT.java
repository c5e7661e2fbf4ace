package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.delivery.Step;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterRow.State;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Waybill is killed by SIGKILL at every step that it takes, over and over, now and then together
 * with ClickHouse: in the end every record of the sources is in the table or a dead letter, by
 * content, exactly once, and ledger, table and audit trail say the same.
 *
 * <p>{@code -Dwaybill.test.kills=3000} makes the campaign longer, {@code -Dwaybill.test.seed=...}
 * repeats one.
 */
final class CampaignIT {
  private static final int KILLS = Integer.getInteger("waybill.test.kills", 160);
  private static final int HOMES = 4;
  private static final int AT_ONCE = 2;
  private static final int RECORDS = 600;
  private static final int KILLED = 128 + 9;
  private static final int MOST_ROUNDS_PER_KILL = 3;

  /** Steps of a replay; the others are steps of a run. */
  private static final List<Step> REPLAYING =
      List.of(Step.REPLAY_KEPT, Step.REPLAY_CLAIMED, Step.REPLAY_SENT);

  @TempDir Path folder;

  /** What came of one home. */
  private record Result(
      Map<Step, Integer> kills,
      int serverKills,
      long rows,
      long letters,
      long lost,
      long doubled) {}

  /** Those of every delivery; ReloadIT, SqlFaultsIT and TableReloadIT have the others. */
  private static final Step[] STEPS =
      Arrays.stream(Step.values())
          .filter(step -> step.compareTo(Step.ROUTES_OUT) < 0)
          .toArray(Step[]::new);

  @Test
  void killedAtEveryStepNothingIsLostAndNothingComesTwice() throws Exception {
    long seed = Long.getLong("waybill.test.seed", System.nanoTime());
    System.out.println("CampaignIT: -Dwaybill.test.seed=" + seed);
    ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Campaign> homes = new ArrayList<>();
      for (int i = 0; i < HOMES; i++) {
        Path home = Files.createDirectory(folder.resolve("home" + i));
        int first = i * STEPS.length / HOMES;
        homes.add(new Campaign(home, new Random(seed + i), first, KILLS / HOMES));
      }
      all(workers, homes, Campaign::strike);
      // a ClickHouse that one home kills is that of the others too
      tell(all(workers, homes, Campaign::settle));
    } finally {
      workers.shutdownNow();
    }
  }

  private static <T> List<T> all(ExecutorService workers, List<Campaign> homes, Part<T> part)
      throws Exception {
    List<Callable<T>> calls = new ArrayList<>();
    homes.forEach(home -> calls.add(() -> part.of(home)));
    List<T> results = new ArrayList<>();
    for (Future<T> each : workers.invokeAll(calls)) {
      results.add(each.get());
    }
    return results;
  }

  /** A part of what is done to a home. */
  private interface Part<T> {
    T of(Campaign home) throws IOException;
  }

  private static void tell(List<Result> results) {
    Map<Step, Integer> kills = new EnumMap<>(Step.class);
    results.forEach(each -> each.kills().forEach((step, n) -> kills.merge(step, n, Integer::sum)));
    long all = kills.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf(
        "CampaignIT: %d homes, %d kills of Waybill, %d of ClickHouse, %d rows, %d dead letters,"
            + " %d lost, %d doubled; %s%n",
        results.size(),
        all,
        results.stream().mapToInt(Result::serverKills).sum(),
        results.stream().mapToLong(Result::rows).sum(),
        results.stream().mapToLong(Result::letters).sum(),
        results.stream().mapToLong(Result::lost).sum(),
        results.stream().mapToLong(Result::doubled).sum(),
        kills);
    assertThat(all).isGreaterThanOrEqualTo(KILLS);
    assertThat(kills).containsOnlyKeys(STEPS);
    assertThat(results).allMatch(each -> each.lost() == 0 && each.doubled() == 0);
  }

  /** One home and what is done to it. Used by one thread. */
  private static final class Campaign {
    private static final String FLOW = "struck";
    private static final String[] FORMATS = {"csv", "tsv", "ndjson"};
    private final Path folder;
    private final RoadHome home;
    private final Random random;
    private final int first;
    private final int wanted;
    private final Map<Step, Integer> kills = new EnumMap<>(Step.class);
    private final Map<Long, String> good = new TreeMap<>();
    private final List<String> bad = new ArrayList<>();
    private int files;
    private int serverKills;
    private long nextId;

    Campaign(Path folder, Random random, int first, int wanted) {
      this.folder = folder;
      this.random = random;
      this.first = first;
      this.wanted = wanted;
      this.home = RoadHome.in(folder);
      home.table(FLOW, "id UInt64, text String").movingFlow(FLOW, "batchRows=200&inFlight=2");
      home.set("waybill.retry.max-elapsed", "2m");
    }

    /** How many kills there were. */
    int strike() {
      int done = 0;
      for (int round = 0; done < wanted && round < MOST_ROUNDS_PER_KILL * wanted; round++) {
        Step step = STEPS[(first + round) % STEPS.length];
        if (home.files("in/" + FLOW).size() < 2) {
          drop();
        }
        boolean killed = strike(step);
        if (killed) {
          kills.merge(step, 1, Integer::sum);
          done++;
        }
      }
      return done;
    }

    private boolean strike(Step step) {
      boolean replay = REPLAYING.contains(step);
      int time = replay ? 1 : 1 + random.nextInt(2);
      List<String> arguments =
          replay ? List.of("dead-letters", "replay", "--all") : List.of("run", "--once");
      try (Child child =
          Child.command(
              folder,
              List.of(),
              List.of("-Dwaybill.test.kill=%s:%d".formatted(step, time)),
              arguments)) {
        if (random.nextInt(12) == 0) {
          TestClickHouse.kill9();
          serverKills++;
        }
        return child.exitCode() == KILLED;
      }
    }

    /** Nothing strikes any more. */
    Result settle() throws IOException {
      TestClickHouse.awaitRunning();
      try (Child child = home.child("--once")) {
        assertThat(child.exitCode()).as(child.output()).isLessThanOrEqualTo(1);
      }
      return compare();
    }

    private void drop() {
      String format = FORMATS[files % FORMATS.length];
      StringBuilder text = new StringBuilder();
      if (!format.equals("ndjson")) {
        text.append(format.equals("csv") ? "id,text\n" : "id\ttext\n");
      }
      for (int i = 0; i < RECORDS; i++) {
        long id = nextId++;
        boolean refused = random.nextInt(200) == 0;
        String record = record(format, refused ? "no" + id : Long.toString(id), id);
        text.append(record);
        if (refused) {
          bad.add(record);
        } else {
          good.put(id, "text " + id);
        }
      }
      home.drop(FLOW, "f%05d.%s".formatted(files++, format), text.toString());
    }

    private static String record(String format, String number, long id) {
      return switch (format) {
        case "csv" -> "%s,text %d\n".formatted(number, id);
        case "tsv" -> "%s\ttext %d\n".formatted(number, id);
        default -> "{\"id\":\"%s\",\"text\":\"text %d\"}\n".formatted(number, id);
      };
    }

    private Result compare() throws IOException {
      Map<Long, Integer> found = new TreeMap<>();
      for (String row : home.rows(FLOW, "id, text")) {
        String[] fields = row.split("\t", -1);
        long id = Long.parseLong(fields[0]);
        assertThat(fields[1]).isEqualTo(good.get(id));
        found.merge(id, 1, Integer::sum);
      }
      List<String> kept = new ArrayList<>();
      for (DeadLetterRow letter : home.letters()) {
        assertThat(letter.state()).isIn(State.STORED, State.REPLAYED);
        if (letter.state() == State.STORED) {
          kept.add(raw(letter));
        }
      }
      assertThat(home.states(FLOW)).isSubsetOf("completed", "completed_with_dead_letters");
      assertThat(kept).containsExactlyInAnyOrderElementsOf(bad);
      assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
      assertThat(home.runs(FLOW).stream().mapToLong(run -> run.rows()).sum())
          .isEqualTo(good.size());
      long rows = found.values().stream().mapToInt(Integer::intValue).sum();
      return new Result(
          kills, serverKills, rows, kept.size(), good.size() - found.size(), rows - found.size());
    }

    private String raw(DeadLetterRow letter) throws IOException {
      byte[] file = Files.readAllBytes(folder.resolve("data/dead-letters").resolve(letter.file()));
      int from = Math.toIntExact(letter.fileOffset());
      int to = from + Math.toIntExact(letter.bytes());
      return new String(Arrays.copyOfRange(file, from, to), StandardCharsets.UTF_8);
    }
  }
}
