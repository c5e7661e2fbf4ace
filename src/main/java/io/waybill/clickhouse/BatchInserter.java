package io.waybill.clickhouse;

import io.waybill.batch.Payload;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.RefusedBatchException;
import io.waybill.delivery.RetryDeliveryException;
import io.waybill.delivery.Verdict;
import java.time.Duration;
import java.util.Optional;

/**
 * Inserts planned batches: exactly what the plan says, and a verdict on what comes of it.
 * Thread-safe.
 */
public final class BatchInserter {
  private final ClickHouseClient client;
  private final Tables tables;

  public BatchInserter(ClickHouseClient client) {
    this.client = client;
    this.tables = new Tables(client);
  }

  /**
   * Sends a batch once.
   *
   * @param attempt from 1, for log_comment
   * @param role role to set; empty for none
   * @throws RetryDeliveryException for the verdicts retry, wait and unknown
   * @throws RefusedBatchException if the content was refused and nothing applied
   * @throws HeldDeliveryException if it has to wait, nothing applied
   */
  public InsertReceipt insert(BatchPlan plan, Payload payload, int attempt, String role) {
    if (attempt > 1) {
      requireSameTable(plan);
    }
    InsertRequest request =
        new InsertRequest(
            plan.shape().table(),
            plan.shape().columns(),
            plan.shape().format().clickHouseName(),
            plan.shape().settings(),
            plan.token(),
            plan.id(),
            LogComment.of(plan, attempt),
            role,
            payload::writeTo);
    long began = System.nanoTime();
    try {
      InsertAnswer answer = client.insert(request);
      return receipt(plan, answer.writtenRows(), answer.server(), began);
    } catch (InsertFailedException e) {
      return settle(plan, e, attempt, began);
    }
  }

  private InsertReceipt settle(
      BatchPlan plan, InsertFailedException thrown, int attempt, long began) {
    boolean schemaAsPlanned = attempt == 1 || isSameSchema(plan);
    Failure failure = thrown.failure(schemaAsPlanned);
    return switch (failure.verdict()) {
      case SETTLED -> receipt(plan, plan.position().records(), "", began);
      case ISOLATE -> throw new RefusedBatchException(failure, null);
      case HOLD -> throw new HeldDeliveryException(failure, null);
      case RETRY, WAIT, UNKNOWN -> throw new RetryDeliveryException(failure, null);
    };
  }

  private InsertReceipt receipt(BatchPlan plan, long written, String server, long began) {
    return new InsertReceipt(
        plan.id(),
        plan.token(),
        plan.id(),
        plan.digest(),
        written,
        server,
        client.connection().user(),
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

  private boolean isSameSchema(BatchPlan plan) {
    try {
      return tables.insertable(plan.shape().table()).equals(plan.shape().columns());
    } catch (QueryFailedException e) {
      return false;
    }
  }
}
