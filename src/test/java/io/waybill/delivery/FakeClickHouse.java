package io.waybill.delivery;

import io.waybill.batch.Payload;
import io.waybill.batch.Records;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * A target that keeps what it is sent, drops known tokens as ClickHouse does, and fails on order.
 */
final class FakeClickHouse implements Target {

  /** What happens to a batch that is sent. */
  enum Behaviour {
    TAKE,
    TAKE_BUT_LOSE_THE_ANSWER,
    REFUSE,
    HOLD
  }

  private final Set<String> tokens = new HashSet<>();
  private final List<String> lines = new ArrayList<>();
  private final List<String> buried = new ArrayList<>();
  private String badMark = "\u0000";
  private int probes;
  private final List<String> batches = new ArrayList<>();
  private BiFunction<BatchPlan, Integer, Behaviour> behaviour = (plan, attempt) -> Behaviour.TAKE;

  synchronized void behave(BiFunction<BatchPlan, Integer, Behaviour> how) {
    behaviour = how;
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  synchronized List<String> batches() {
    return List.copyOf(batches);
  }

  synchronized List<String> buried() {
    return List.copyOf(buried);
  }

  @Override
  public InsertShape shape(Unit unit, Run run, byte[] sample) {
    return new InsertShape(
        new TableName("db", "t"),
        "uuid",
        List.of("a", "b"),
        unit.format(),
        new TreeMap<>(),
        1,
        true);
  }

  @Override
  public void complete(Unit unit, Run run) {}

  @Override
  public void ended(Unit unit, Run run) {}

  /** Records that contain this are refused, one by one. */
  synchronized void refuseRecordsWith(String mark) {
    badMark = mark;
  }

  @Override
  public synchronized InsertReceipt send(Attempts attempts, Payload payload) {
    BatchPlan plan = attempts.plan();
    int attempt = attempts.begin();
    batches.add(plan.id());
    Behaviour now = behaviour.apply(plan, attempt);
    List<String> sent = records(payload.toByteArray(), plan);
    Optional<Refusal> refusal = refusal(sent, now == Behaviour.REFUSE);
    if (refusal.isPresent()) {
      throw new RefusedBatchException(refusal.get());
    }
    if (now == Behaviour.HOLD) {
      throw new HeldDeliveryException(failure(Verdict.HOLD, 60, "UNKNOWN_TABLE"));
    }
    if (tokens.add(plan.token())) {
      lines.addAll(sent);
    }
    if (now == Behaviour.TAKE_BUT_LOSE_THE_ANSWER) {
      throw new DeliveryStoppedException(null);
    }
    return new InsertReceipt(
        plan.id(),
        plan.token(),
        plan.id(),
        plan.digest(),
        plan.rows(),
        "fake",
        "tester",
        Duration.ofMillis(1));
  }

  private static Failure failure(Verdict verdict, int code, String name) {
    return new Failure(verdict, code, name, "told to", "");
  }

  private static List<String> records(byte[] payload, BatchPlan plan) {
    List<String> records =
        new ArrayList<>(new String(payload, StandardCharsets.UTF_8).lines().toList());
    if (plan.shape().format().hasHeader()) {
      records.remove(0);
    }
    return records;
  }

  private Optional<Refusal> refusal(List<String> records, boolean all) {
    for (int i = 0; i < records.size(); i++) {
      if (all || records.get(i).contains(badMark)) {
        return Optional.of(
            new Refusal(failure(Verdict.ISOLATE, 27, "CANNOT_PARSE_INPUT"), i + 1, "b"));
      }
    }
    return Optional.empty();
  }

  synchronized int probes() {
    return probes;
  }

  @Override
  public Prober prober(BatchPlan plan) {
    return new Prober() {
      @Override
      public Optional<Refusal> probe(Records records, int from, int to, BitSet without) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
          records.write(from, to, without, out);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        synchronized (FakeClickHouse.this) {
          probes++;
          boolean all = behaviour.apply(plan, 1) == Behaviour.REFUSE;
          return refusal(records(out.toByteArray(), plan), all);
        }
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized void buried(Waybill waybill, List<DeadLetter> letters) {
    buried.add(waybill.plan().id());
  }
}
