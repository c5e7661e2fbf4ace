package io.waybill.clickhouse;

import io.waybill.batch.Payload;
import io.waybill.delivery.Attempts;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.RefusedBatchException;
import io.waybill.delivery.RetryDeliveryException;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Inserts planned batches: exactly what the plan says, and a verdict on what comes of it.
 * Thread-safe.
 */
public final class BatchInserter {
  private final ClickHouseClient client;
  private final Tables tables;
  private final DriftAdvice drift;
  private final DoubtResolution doubts;

  /**
   * By this client.
   *
   * @param horizon how long tables surely remember the tokens of batches
   */
  public BatchInserter(ClickHouseClient client, Duration horizon) {
    this.client = client;
    this.tables = new Tables(client);
    this.drift = new DriftAdvice(client);
    this.doubts = new DoubtResolution(client, horizon);
  }

  /**
   * Sends a batch once; where its token alone cannot tell whether an earlier attempt arrived, its
   * rows are counted, before and after.
   *
   * @param attempts the batch; the attempt that is made now has begun
   * @param role role to set; empty for none
   * @param acceptUnverified whether a batch in doubt whose rows cannot be counted is sent again all
   *     the same
   * @throws RetryDeliveryException for the verdicts retry, wait and unknown
   * @throws RefusedBatchException if the content was refused and nothing applied
   * @throws HeldDeliveryException if it has to wait, nothing applied
   */
  public InsertReceipt insert(
      Attempts attempts, Payload payload, String role, boolean acceptUnverified) {
    if (attempts.current() > 1) {
      requireSameTable(attempts.plan());
    }
    return doubts.isInDoubt(attempts)
        ? doubts.resolve(attempts, acceptUnverified, () -> once(attempts, payload, role))
        : once(attempts, payload, role);
  }

  private InsertReceipt once(Attempts attempts, Payload payload, String role) {
    BatchPlan plan = attempts.plan();
    int attempt = attempts.current();
    long began = System.nanoTime();
    try {
      return send(plan, plan.shape().columns(), payload, attempt, role, began);
    } catch (InsertFailedException e) {
      Optional<String> field = e.unknownField();
      return field.isPresent()
          ? drifted(attempts, payload, role, field.get(), e)
          : settle(attempts, e, began);
    }
  }

  private InsertReceipt send(
      BatchPlan plan, List<String> columns, Payload payload, int attempt, String role, long began) {
    InsertRequest request =
        new InsertRequest(
            plan.shape().table(),
            columns,
            plan.shape().format().clickHouseName(),
            plan.shape().settings(),
            plan.token(),
            plan.id(),
            LogComment.of(plan, attempt),
            role,
            payload::writeTo);
    InsertAnswer answer = client.insert(request);
    return receipt(plan, answer.writtenRows(), answer.server(), answer.user(), began);
  }

  /**
   * With the planned columns such a batch is refused each time and nothing of it was ever applied,
   * so once the table has the column the batch may go with all that the table has: by its token it
   * still goes once.
   */
  private InsertReceipt drifted(
      Attempts attempts, Payload payload, String role, String field, InsertFailedException thrown) {
    BatchPlan plan = attempts.plan();
    requireSameTable(plan);
    List<String> now;
    try {
      now = tables.insertable(plan.shape().table());
    } catch (QueryFailedException e) {
      throw new RetryDeliveryException(e.failure(), thrown);
    }
    boolean added = now.stream().anyMatch(column -> Words.oneLine(column).equals(field));
    if (!added || !now.containsAll(plan.shape().columns())) {
      attempts.refused();
      throw new HeldDeliveryException(withAlter(plan, payload, field, thrown), null);
    }
    long began = System.nanoTime();
    try {
      return send(plan, now, payload, attempts.current(), role, began);
    } catch (InsertFailedException e) {
      if (e.unknownField().isPresent()) {
        attempts.refused();
        throw new HeldDeliveryException(withAlter(plan, payload, e.unknownField().get(), e), null);
      }
      return settle(attempts, e, began);
    }
  }

  private Failure withAlter(
      BatchPlan plan, Payload payload, String field, InsertFailedException thrown) {
    Failure failure = thrown.failure(true);
    List<String> alters;
    try {
      alters = drift.missing(plan.shape().table(), plan.shape().format(), payload, field);
    } catch (QueryFailedException e) {
      return failure; // the records say no more than that the column is missing
    }
    if (alters.isEmpty()) {
      return failure;
    }
    return new Failure(
        failure.verdict(),
        failure.code(),
        failure.name(),
        failure.reason(),
        String.join("; ", alters) + "; or set unknownFields=skip to drop it");
  }

  private InsertReceipt settle(Attempts attempts, InsertFailedException thrown, long began) {
    BatchPlan plan = attempts.plan();
    boolean schemaAsPlanned = attempts.current() == 1 || isSameSchema(plan);
    Failure failure = thrown.failure(schemaAsPlanned);
    if (thrown.appliedNothing(failure)) {
      attempts.refused();
    }
    return switch (failure.verdict()) {
      case SETTLED -> receipt(plan, plan.rows(), "", client.connection().user(), began);
      case ISOLATE -> throw new RefusedBatchException(thrown.refusal(failure));
      case HOLD -> throw new HeldDeliveryException(failure, null);
      case RETRY, WAIT, UNKNOWN -> throw new RetryDeliveryException(failure, null);
    };
  }

  private static InsertReceipt receipt(
      BatchPlan plan, long written, String server, String user, long began) {
    return new InsertReceipt(
        plan.id(),
        plan.token(),
        plan.id(),
        plan.digest(),
        written,
        server,
        user,
        Duration.ofNanos(System.nanoTime() - began));
  }

  /** One token lands twice if the table was exchanged or made anew meanwhile. */
  private void requireSameTable(BatchPlan plan) {
    Optional<String> uuid;
    try {
      uuid = tables.uuid(plan.shape().table());
    } catch (QueryFailedException e) {
      return; // the insert itself will say what is the matter
    }
    if (uuid.isPresent() && !uuid.get().equals(plan.shape().tableUuid())) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "TABLE_REPLACED",
              "table "
                  + plan.shape().table()
                  + " was replaced since batch "
                  + plan.id()
                  + " was planned",
              "put the table of before back under its name; its batches are in doubt"));
    }
  }

  /** Good rows must not be taken for bad ones because somebody altered the table since the plan. */
  private boolean isSameSchema(BatchPlan plan) {
    try {
      TableName table = plan.shape().table();
      return tables.isUnalteredSince(plan.plannedAt(), table)
          && tables.insertable(table).equals(plan.shape().columns());
    } catch (QueryFailedException e) {
      return false;
    }
  }
}
