package io.waybill.clickhouse;

import io.waybill.batch.Records;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.Prober;
import io.waybill.delivery.Refusal;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table like the target that keeps nothing (ENGINE = Null): what it refuses the target refuses,
 * with the same code and record number, and what it takes leaves no trace. It lies in the database
 * {@code waybill}, where Waybill may make tables, under the name of the batch, so that what a crash
 * left of it is replaced; it is dropped on closing. Used by one thread.
 */
public final class ShadowTable implements Prober {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowTable.class);
  private static final String DATABASE = "waybill";
  private static final int TRIES = 6;
  private static final long PAUSE_MILLIS = 100;
  private final ClickHouseClient client;
  private final BatchPlan plan;
  private final TableName shadow;

  private ShadowTable(ClickHouseClient client, BatchPlan plan, TableName shadow) {
    this.client = client;
    this.plan = plan;
    this.shadow = shadow;
  }

  /**
   * Makes the shadow of a batch's table.
   *
   * @throws HeldDeliveryException if it cannot be made
   */
  public static ShadowTable of(ClickHouseClient client, BatchPlan plan) {
    TableName shadow = new TableName(DATABASE, "probe_" + plan.id());
    ShadowTable made = new ShadowTable(client, plan, shadow);
    try {
      made.ask("CREATE DATABASE IF NOT EXISTS " + TableName.quote(DATABASE));
      // CREATE OR REPLACE would need rights on tables of any name
      made.ask("DROP TABLE IF EXISTS " + shadow.quoted());
      made.ask(
          "CREATE TABLE %s AS %s ENGINE = Null"
              .formatted(shadow.quoted(), plan.shape().table().quoted()));
    } catch (QueryFailedException e) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              e.code(),
              "NO_SHADOW_TABLE",
              "the bad records of batch %s cannot be found, since no table can be made to try them: %s"
                  .formatted(plan.id(), e.getMessage()),
              "GRANT CREATE TABLE, DROP TABLE, INSERT ON %s.probe_* TO %s"
                  .formatted(DATABASE, TableName.quote(client.connection().user()))),
          e);
    }
    return made;
  }

  private void ask(String sql) {
    client.query(QueryRequest.of(sql, "TSV"));
  }

  @Override
  public Optional<Refusal> probe(Records records, int from, int to, BitSet without) {
    InsertRequest request =
        new InsertRequest(
            shadow,
            plan.shape().columns(),
            plan.shape().format().clickHouseName(),
            plan.shape().settings(),
            "",
            "",
            LogComment.ofProbe(plan),
            "",
            out -> records.write(from, to, without, out));
    for (int left = TRIES - 1; ; left--) {
      try {
        client.insert(request);
        return Optional.empty();
      } catch (InsertFailedException e) {
        Failure failure = e.failure(true);
        switch (failure.verdict()) {
          case ISOLATE -> {
            return Optional.of(e.refusal(failure));
          }
          case HOLD, SETTLED -> throw new HeldDeliveryException(failure, null);
          case RETRY, WAIT, UNKNOWN -> pause(failure, left);
        }
      }
    }
  }

  /** Nothing is inserted, so that trying once more is always right; but not for ever. */
  private static void pause(Failure failure, int left) {
    if (left == 0) {
      throw new HeldDeliveryException(failure, null);
    }
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS << (TRIES - 1 - left));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeliveryStoppedException(e);
    }
  }

  @Override
  public void close() {
    try {
      ask("DROP TABLE IF EXISTS " + shadow.quoted());
    } catch (QueryFailedException e) {
      // it keeps nothing and stands in nobody's way
      LOG.warn("table {} could not be dropped: {}", shadow, e.getMessage());
    }
  }
}
