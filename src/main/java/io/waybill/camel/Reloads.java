package io.waybill.camel;

import io.waybill.clickhouse.Finding;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.TableExchange;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunFailedException;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Step;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads a run into a table of its own and puts that into the place of the flow's table when all of
 * it is settled. Whether it stands there is decided by the UUID in the plans of its batches.
 * Thread-safe.
 */
final class Reloads {
  private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);
  private final WaybillEndpoint endpoint;
  private final WaybillServices services;
  private final TableName target;
  private final TableShapes shapes;

  Reloads(WaybillEndpoint endpoint, WaybillServices services) {
    this.endpoint = endpoint;
    this.services = services;
    this.target = endpoint.tableName();
    this.shapes = endpoint.shapes();
  }

  /** As whoever the flow may be for ClickHouse at that time. */
  private TableExchange exchange() {
    return shapes.exchange();
  }

  /** The shape of the table that the run loads; makes it, and the target if the flow asks so. */
  InsertShape shape(Unit unit, Run run, byte[] sample) {
    var unused = shapes.shape(target, unit.format(), sample, endpoint.shapeOptions());
    return asking(
        () -> {
          refuseIfObjected();
          sweep(run);
          TableName fresh = TableExchange.fresh(target, run.id());
          exchange().make(fresh, target);
          return shapes.shape(fresh, unit.format(), sample, endpoint.shapeOptions());
        });
  }

  /**
   * Everything of the run is settled: its table takes the place of the one before.
   *
   * @throws RunFailedException if it is empty and is not to replace one that is not
   * @throws HeldDeliveryException if a person has to look
   */
  void complete(Unit unit, Run run) {
    Optional<String> loaded = loaded(unit, run);
    if (loaded.isPresent()) {
      services.faults().reached(Step.RELOAD_LOADED);
      boolean stands =
          asking(
              () -> {
                refuseIfObjected();
                return exchange().exchange(target, loaded.get());
              });
      if (!stands) {
        throw lost(run);
      }
      services.faults().reached(Step.RELOAD_EXCHANGED);
    }
  }

  private Optional<String> loaded(Unit unit, Run run) {
    List<String> uuids =
        services.ledger().batches(unit.id()).stream()
            .filter(batch -> batch.state() == BatchState.COMMITTED)
            .map(LedgerBatch::plan)
            .map(plan -> plan.shape().tableUuid())
            .distinct()
            .toList();
    if (uuids.size() > 1) {
      throw lost(run);
    }
    return uuids.isEmpty() ? empty(run) : Optional.of(uuids.get(0));
  }

  private Optional<String> empty(Run run) {
    return asking(
        () -> {
          if (exchange().uuid(target).isEmpty() || exchange().isEmpty(target)) {
            return Optional.empty();
          }
          if (!endpoint.rows().isReloadEmpty()) {
            throw new RunFailedException(
                "the source has no rows, and table %s has; it stays as it is".formatted(target),
                "see why the source is empty; reloadEmpty=true would empty the table");
          }
          TableName fresh = TableExchange.fresh(target, run.id());
          exchange().make(fresh, target);
          return exchange().uuid(fresh);
        });
  }

  /** The run has ended: what it replaced goes; if it cannot now, then with the next reload. */
  void ended(Run run) {
    try {
      sweep(run);
      services.faults().reached(Step.RELOAD_DROPPED);
    } catch (QueryFailedException e) {
      LOG.warn("what reloads of {} left is not dropped yet: {}", target, e.getMessage());
    }
  }

  /** Drops what runs of this ledger left that are over; what others may still need stays. */
  private void sweep(Run run) {
    for (TableExchange.Leftover leftover : exchange().leftovers(target)) {
      boolean over = services.ledger().runState(leftover.run()).filter(Reloads::isOver).isPresent();
      if (over) {
        exchange().drop(leftover.name());
        LOG.info("dropped {} of run {}, before run {}", leftover.name(), leftover.run(), run.id());
      }
    }
  }

  private static boolean isOver(RunState state) {
    return switch (state) {
      case COMPLETED, COMPLETED_WITH_DEAD_LETTERS, CANCELLED -> true;
      case RUNNING, HELD, FAILED -> false;
    };
  }

  private void refuseIfObjected() {
    exchange().look(target).stream()
        .filter(finding -> finding.severity() == Finding.Severity.HOLD)
        .findFirst()
        .ifPresent(
            finding -> {
              throw held(finding.code(), finding.name(), finding.reason(), finding.remedy());
            });
  }

  private HeldDeliveryException lost(Run run) {
    return held(
        0,
        "RELOAD_TABLE_LOST",
        "the table that run %s loaded beside %s is not there any more".formatted(run.id(), target),
        "./waybill rerun %s --again loads all of it anew".formatted(run.id()));
  }

  private static <T> T asking(Supplier<T> question) {
    try {
      return question.get();
    } catch (QueryFailedException e) {
      throw held(
          e.code(),
          e.name(),
          "the table cannot be reloaded: " + e.getMessage(),
          "mend the cause in ClickHouse; the user needs SELECT, INSERT, CREATE TABLE and DROP TABLE on the database");
    }
  }

  private static HeldDeliveryException held(int code, String name, String reason, String remedy) {
    return new HeldDeliveryException(new Failure(Verdict.HOLD, code, name, reason, remedy));
  }
}
