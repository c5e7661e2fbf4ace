package io.waybill.delivery;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
  public InsertShape shape(Format format, byte[] sample) {
    return new InsertShape(
        new TableName("db", "t"), "uuid", List.of("a", "b"), format, new TreeMap<>(), 1);
  }

  @Override
  public synchronized InsertReceipt send(BatchPlan plan, Payload payload, Attempts attempts) {
    int attempt = attempts.begin();
    batches.add(plan.id());
    Behaviour now = behaviour.apply(plan, attempt);
    if (now == Behaviour.REFUSE) {
      throw new RefusedBatchException(failure(Verdict.ISOLATE, 27, "CANNOT_PARSE_INPUT"), null);
    }
    if (now == Behaviour.HOLD) {
      throw new HeldDeliveryException(failure(Verdict.HOLD, 60, "UNKNOWN_TABLE"));
    }
    if (tokens.add(plan.token())) {
      String text = new String(payload.toByteArray(), StandardCharsets.UTF_8);
      List<String> sent = new ArrayList<>(text.lines().toList());
      if (plan.shape().format().hasHeader()) {
        sent.remove(0);
      }
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
        plan.position().records(),
        "fake",
        "tester",
        Duration.ofMillis(1));
  }

  private static Failure failure(Verdict verdict, int code, String name) {
    return new Failure(verdict, code, name, "told to", "");
  }

  @Override
  public synchronized void buried(Waybill waybill, DeadLetter letter) {
    buried.add(waybill.plan().id());
  }
}
