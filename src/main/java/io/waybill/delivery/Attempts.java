package io.waybill.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * The attempts to send one batch: their number, noted in the ledger before each of them, and the
 * tokens that they are made under. Used by one thread at a time.
 */
public final class Attempts {
  private final List<String> tokens = new ArrayList<>();
  private final boolean leftBehind;
  private final ToIntFunction<BatchPlan> next;
  private final Consumer<BatchPlan> renewed;
  private final Runnable noteRefused;
  private BatchPlan plan;
  private int number;
  private int refused;
  private long firstBegan;

  private Attempts(
      BatchPlan plan,
      List<String> formerTokens,
      int number,
      int refused,
      boolean leftBehind,
      ToIntFunction<BatchPlan> next,
      Consumer<BatchPlan> renewed,
      Runnable noteRefused) {
    this.plan = plan;
    this.tokens.addAll(formerTokens);
    this.tokens.add(plan.token());
    this.number = number;
    this.refused = refused;
    this.leftBehind = leftBehind;
    this.next = next;
    this.renewed = renewed;
    this.noteRefused = noteRefused;
  }

  /**
   * Of a batch that was just planned: the plan counts as the note of attempt 1.
   *
   * @param seenBefore whether it may have been sent without this ledger's knowing
   */
  static Attempts ofFresh(Ledger ledger, BatchPlan plan, boolean seenBefore) {
    return new Attempts(
        plan,
        List.of(),
        0,
        seenBefore ? -1 : 0,
        seenBefore,
        ledger::nextAttempt,
        ledger::renew,
        () -> ledger.refused(plan.id()));
  }

  /** Of a batch that an earlier pass left planned, so that it may have been sent. */
  static Attempts ofPlanned(Ledger ledger, LedgerBatch batch) {
    return new Attempts(
        batch.plan(),
        batch.formerTokens(),
        batch.attempts(),
        batch.refused(),
        true,
        ledger::nextAttempt,
        ledger::renew,
        () -> ledger.refused(batch.plan().id()));
  }

  /**
   * Of a batch whose attempts the ledger does not count, as those of the audit trail.
   *
   * @param formerTokens tokens that it was sent under before
   * @param leftBehind whether it may have been sent before
   * @param renewed keeps the plan with a new token
   */
  public static Attempts uncounted(
      BatchPlan plan, List<String> formerTokens, boolean leftBehind, Consumer<BatchPlan> renewed) {
    int[] count = {1};
    return new Attempts(
        plan,
        formerTokens,
        leftBehind ? 1 : 0,
        0,
        leftBehind,
        unused -> ++count[0],
        renewed,
        () -> {});
  }

  /** The batch, under the token of the next or running attempt. */
  public BatchPlan plan() {
    return plan;
  }

  /** Every token that the batch was or may have been sent under. */
  public List<String> tokens() {
    return List.copyOf(tokens);
  }

  /** Notes that ClickHouse applied nothing of the attempt that ran last. */
  public void refused() {
    noteRefused.run();
    refused++;
  }

  /** Whether an attempt before the one that runs may have been applied. */
  public boolean mayHaveArrived() {
    return current() - 1 > refused;
  }

  /** Whether an earlier pass or process may have sent it. */
  public boolean isLeftBehind() {
    return leftBehind;
  }

  /** How long ago the first attempt of this pass began, by a clock that nobody sets. */
  public Duration sinceFirst() {
    return Duration.ofNanos(firstBegan == 0 ? 0 : System.nanoTime() - firstBegan);
  }

  /** Notes that the batch is about to be sent; the note is durable when this returns. */
  public int begin() {
    if (firstBegan == 0) {
      firstBegan = System.nanoTime();
    }
    number = number == 0 ? 1 : next.applyAsInt(plan);
    return number;
  }

  /** The attempt that runs, or ran last. */
  public int current() {
    return Math.max(number, 1);
  }

  /** Gives the batch a new token; it is durable when this returns. */
  public void renew() {
    String token = Tokens.hash(List.of(tokens.get(0), Integer.toString(tokens.size())));
    BatchPlan another = plan.withToken(token);
    renewed.accept(another);
    plan = another;
    tokens.add(token);
  }
}
