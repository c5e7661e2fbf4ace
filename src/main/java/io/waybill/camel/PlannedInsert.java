package io.waybill.camel;

import io.waybill.batch.Payload;
import io.waybill.camel.ClickHouseComponent.Retries;
import io.waybill.camel.FlowRights.Standing;
import io.waybill.clickhouse.BatchInserter;
import io.waybill.clickhouse.QueryContext;
import io.waybill.delivery.DeliveryException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.InsertReceipt;
import io.waybill.delivery.InsertWatch;
import io.waybill.delivery.RetryDeliveryException;
import io.waybill.delivery.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.camel.Exchange;

/**
 * Sends the batch that an exchange carries: by its plan alone, and only if the body still is what
 * was planned. Leaves the receipt. Thread-safe.
 */
final class PlannedInsert {
  private static final Failure UNFORESEEN =
      new Failure(Verdict.HOLD, 0, "INTERNAL", "an unforeseen error ended the attempt", "");
  private final Function<Account, BatchInserter> makeInserter;
  private final Map<Account, BatchInserter> inserters = new ConcurrentHashMap<>();
  private final Retries retries;
  private final Clock clock;
  private final InsertWatch watch;

  /**
   * By these.
   *
   * @param makeInserter makes the one of an account; the default one is that of the route
   * @param watch sees each attempt
   */
  PlannedInsert(
      Function<Account, BatchInserter> makeInserter,
      Retries retries,
      Clock clock,
      InsertWatch watch) {
    this.makeInserter = makeInserter;
    this.retries = retries;
    this.clock = clock;
    this.watch = watch;
  }

  void insert(Exchange exchange, BatchDelivery delivery) throws Exception {
    if (delivery.receipt() != null) {
      return; // a route that comes here twice has delivered once
    }
    requireSameBytes(exchange, delivery);
    // what may not be sent is no attempt
    Standing standing = delivery.sending().standing().apply(delivery.plan());
    int attempt = delivery.attempts().begin();
    exchange.getMessage().setHeader(WaybillHeaders.ATTEMPT, attempt);
    try {
      InsertReceipt receipt = watched(delivery, standing, watch.begun(delivery.plan(), attempt));
      delivery.receipt(receipt);
      exchange.getMessage().setHeader(WaybillHeaders.ELAPSED_MILLIS, receipt.elapsed().toMillis());
    } catch (RetryDeliveryException e) {
      Instant now = clock.instant();
      Duration retried = Duration.between(delivery.firstFailure(now), now);
      if (retried.compareTo(retries.maxElapsed()) >= 0) {
        throw held(e.failure(), retried);
      }
      throw e;
    }
  }

  private InsertReceipt watched(
      BatchDelivery delivery, Standing standing, InsertWatch.Attempt attempt) throws Exception {
    Optional<Failure> failure = Optional.of(UNFORESEEN);
    try {
      InsertReceipt receipt = QueryContext.run(attempt.papers(), () -> insert(delivery, standing));
      failure = Optional.empty();
      return receipt;
    } catch (DeliveryException e) {
      failure = Optional.of(e.failure());
      throw e;
    } finally {
      attempt.ended(failure);
    }
  }

  private InsertReceipt insert(BatchDelivery delivery, Standing standing) {
    return inserters
        .computeIfAbsent(standing.account(), makeInserter)
        .insert(
            delivery.attempts(),
            delivery.payload(),
            standing.requestRole(),
            delivery.sending().acceptUnverified());
  }

  private static HeldDeliveryException held(Failure failure, Duration retried) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            failure.code(),
            failure.name(),
            "still after %d s of retrying: %s".formatted(retried.toSeconds(), failure.reason()),
            failure.remedy().isEmpty()
                ? "see ClickHouse's log; the batch is sent again with the same token"
                : failure.remedy()),
        null);
  }

  /** A route may look at the body and log it, but what is sent is what was planned. */
  private static void requireSameBytes(Exchange exchange, BatchDelivery delivery)
      throws IOException {
    Object body = exchange.getMessage().getBody();
    if (body == delivery.payload()) {
      return;
    }
    String digest =
        body instanceof Payload payload
            ? digest(payload.openStream())
            : digest(exchange.getMessage().getBody(InputStream.class));
    if (!digest.equals(delivery.plan().digest())) {
      throw new HeldDeliveryException(
          new Failure(
              Verdict.HOLD,
              0,
              "BODY_CHANGED",
              "the deliver route changed the records of batch " + delivery.plan().id(),
              "transform records in the flow, in front of waybill:, not in the deliver route"));
    }
  }

  private static String digest(InputStream body) throws IOException {
    if (body == null) {
      return "";
    }
    MessageDigest sha256 = Sha256.digest();
    try (DigestInputStream in = new DigestInputStream(body, sha256)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(sha256.digest());
  }
}
