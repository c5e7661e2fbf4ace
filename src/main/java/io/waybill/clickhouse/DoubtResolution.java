package io.waybill.clickhouse;

import io.waybill.clickhouse.Tables.Table;
import io.waybill.delivery.Attempts;
import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.Doubt;
import io.waybill.delivery.Evidence;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.RetryDeliveryException;
import io.waybill.delivery.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds out whether a batch in doubt arrived, by counting its rows, and sends it again where it did
 * not. Thread-safe.
 */
final class DoubtResolution {
  /** Clocks of two machines and whole seconds: a server that is hardly older counts as younger. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private static final Duration MARGIN_OF_CLOCKS = Duration.ofMinutes(5);
  private final ClickHouseClient client;
  private final Tables tables;
  private final RowCount rows;
  private final Duration horizon;

  DoubtResolution(ClickHouseClient client, Duration horizon) {
    this.client = client;
    this.tables = new Tables(client);
    this.rows = new RowCount(client);
    this.horizon = horizon;
  }

  /**
   * Whether the token of a batch may be remembered without its rows, because the server died
   * between an earlier attempt and now, or nobody knows whether it did.
   */
  boolean isInDoubt(Attempts attempts) {
    if (!attempts.mayHaveArrived()) {
      return false;
    }
    return attempts.isLeftBehind() || isYounger(attempts.sinceFirst().plus(MARGIN));
  }

  private boolean isYounger(Duration than) {
    try {
      long seconds = Long.parseLong(client.lines("SELECT uptime()").get(0));
      return seconds <= than.toSeconds();
    } catch (QueryFailedException e) {
      throw new RetryDeliveryException(asRetry(e), e);
    }
  }

  /**
   * Settles the doubt.
   *
   * @param send sends the batch under its token of the moment
   */
  InsertReceipt resolve(Attempts attempts, boolean accept, Supplier<InsertReceipt> send) {
    BatchPlan plan = attempts.plan();
    long began = System.nanoTime();
    Evidence before = evidence(attempts);
    return switch (Doubt.beforeSending(before, surelyRemembers(plan))) {
      case COMMIT -> complete(attempts, accept, send, began);
      case RESEND -> verified(attempts, send.get(), send);
      case UNVERIFIABLE -> {
        if (!accept && mayHaveRestarted(plan)) {
          throw new HeldDeliveryException(unverifiable(plan, (Evidence.Unverifiable) before));
        }
        yield send.get();
      }
      case PARTIAL -> throw new HeldDeliveryException(partial(attempts, before));
      case TOO_MANY -> throw new HeldDeliveryException(tooMany(attempts, before));
      case RENEW -> throw new IllegalStateException("a new token before the old one was tried");
    };
  }

  /**
   * All rows are in the table. Its materialized views may lack theirs: they come after it, and one
   * that throws leaves the table as it is. The same token brings views what they lack, and the
   * table nothing, as long as it is remembered.
   */
  private InsertReceipt complete(
      Attempts attempts, boolean accept, Supplier<InsertReceipt> send, long began) {
    BatchPlan plan = attempts.plan();
    if (accept || !hasViews(plan)) {
      return counted(plan, began);
    }
    if (!surelyRemembers(plan) || attempts.tokens().size() > 1) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "VIEWS_IN_DOUBT",
              "table %s has all rows of batch %s; whether its materialized views have them cannot be told any more"
                  .formatted(plan.shape().table(), plan.id()),
              "look whether the views' targets have the batch, and mend them; then set onUnverified=accept on the waybill: URI and ./waybill rerun "
                  + plan.run()));
    }
    return verified(attempts, send.get(), send);
  }

  private InsertReceipt verified(
      Attempts attempts, InsertReceipt answered, Supplier<InsertReceipt> send) {
    Evidence after = evidence(attempts);
    return switch (Doubt.afterSending(after)) {
      case COMMIT, UNVERIFIABLE -> answered;
      case RENEW -> {
        refuseWithViews(attempts.plan());
        attempts.renew();
        yield send.get();
      }
      case PARTIAL -> throw new HeldDeliveryException(partial(attempts, after));
      case TOO_MANY -> throw new HeldDeliveryException(tooMany(attempts, after));
      case RESEND -> throw new IllegalStateException("nothing follows a resend but its proof");
    };
  }

  private Evidence evidence(Attempts attempts) {
    BatchPlan plan = attempts.plan();
    try {
      Optional<Table> table = tables.table(plan.shape().table());
      if (table.isEmpty()) {
        return new Evidence.Counted(0, plan.rows()); // the insert says what is the matter
      }
      return rows.countable(table.get(), plan.shape().provenance())
          .<Evidence>map(found -> found)
          .orElseGet(
              () -> new Evidence.Counted(rows.of(table.get(), attempts.tokens()), plan.rows()));
    } catch (QueryFailedException e) {
      if (e.code() == RowCount.ACCESS_DENIED) {
        return rows.denied(plan.shape().table());
      }
      throw new RetryDeliveryException(asRetry(e), e);
    }
  }

  private boolean isWithinHorizon(BatchPlan plan) {
    Duration age = Duration.between(plan.plannedAt(), Instant.now());
    return !age.isNegative() && age.compareTo(horizon) < 0;
  }

  /** A table that was altered may have been without a window for a while, and forgot. */
  private boolean surelyRemembers(BatchPlan plan) {
    try {
      return isWithinHorizon(plan)
          && tables.isUnalteredSince(plan.plannedAt(), plan.shape().table());
    } catch (QueryFailedException e) {
      throw new RetryDeliveryException(asRetry(e), e);
    }
  }

  /** Only a server that is clearly older than the batch, by clocks that make sense, did not. */
  private boolean mayHaveRestarted(BatchPlan plan) {
    Duration age = Duration.between(plan.plannedAt(), Instant.now());
    return age.isNegative() || !isWithinHorizon(plan) || isYounger(age.plus(MARGIN_OF_CLOCKS));
  }

  private boolean hasViews(BatchPlan plan) {
    try {
      return !tables.viewTargets(plan.shape().table()).isEmpty();
    } catch (QueryFailedException e) {
      throw new RetryDeliveryException(asRetry(e), e);
    }
  }

  /**
   * Views got the rows of the batch under the old token; a new one would bring them again. A table
   * that forgets its tokens takes the old one once more, and the views' targets still know it.
   */
  private void refuseWithViews(BatchPlan plan) {
    if (hasViews(plan)) {
      String window =
          "ALTER TABLE %s MODIFY SETTING non_replicated_deduplication_window = "
              .formatted(plan.shape().table().quoted());
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "REMEMBERED_WITH_VIEWS",
              "table %s remembers the token of batch %s but has none of its rows, and its materialized views may have them"
                  .formatted(plan.shape().table(), plan.id()),
              "%s0; %s%d; then ./waybill rerun %s"
                  .formatted(window, window, TableDdl.WINDOW, plan.run())));
    }
  }

  private InsertReceipt counted(BatchPlan plan, long began) {
    return new InsertReceipt(
        plan.id(),
        plan.token(),
        plan.id(),
        plan.digest(),
        plan.rows(),
        "",
        client.connection().user(),
        Duration.ofNanos(System.nanoTime() - began));
  }

  private static Failure unverifiable(BatchPlan plan, Evidence.Unverifiable evidence) {
    return new Failure(
        Verdict.HOLD,
        0,
        "UNVERIFIABLE",
        "whether batch %s arrived cannot be told: %s".formatted(plan.id(), evidence.why()),
        evidence.remedy());
  }

  private static Failure partial(Attempts attempts, Evidence evidence) {
    Evidence.Counted counted = (Evidence.Counted) evidence;
    return new Failure(
        Verdict.HOLD,
        0,
        "PARTIAL",
        "%d of %d rows of batch %s are in %s"
            .formatted(
                counted.found(),
                counted.expected(),
                attempts.plan().id(),
                attempts.plan().shape().table()),
        delete(attempts));
  }

  private static Failure tooMany(Attempts attempts, Evidence evidence) {
    Evidence.Counted counted = (Evidence.Counted) evidence;
    return new Failure(
        Verdict.HOLD,
        0,
        "TOO_MANY_ROWS",
        "%d rows are in %s under the tokens of batch %s, which has %d"
            .formatted(
                counted.found(),
                attempts.plan().shape().table(),
                attempts.plan().id(),
                counted.expected()),
        delete(attempts));
  }

  private static String delete(Attempts attempts) {
    return "ALTER TABLE %s DELETE WHERE %s IN (%s) SETTINGS mutations_sync = 2; then ./waybill rerun %s"
        .formatted(
            attempts.plan().shape().table().quoted(),
            Tables.PROVENANCE,
            attempts.tokens().stream().map(SqlText::literal).collect(Collectors.joining(", ")),
            attempts.plan().run());
  }

  private static Failure asRetry(QueryFailedException e) {
    return new Failure(
        Verdict.RETRY,
        e.code(),
        e.name(),
        "whether the batch arrived cannot be asked now: " + e.getMessage(),
        "");
  }
}
