package io.waybill.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.control.Orders;
import io.waybill.delivery.Claims;
import io.waybill.delivery.Claims.Claim;
import io.waybill.delivery.LedgerException;
import io.waybill.ledger.RequestBook;
import io.waybill.ledger.RequestBook.Request;
import io.waybill.policy.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes orders that other processes leave in the ledger, and answers them there. */
final class OrderMail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OrderMail.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long POLL_MILLIS = 500;
  private static final long PATIENCE_SECONDS = 10;
  private static final String CLAIM = "waybill-order";
  private static final Duration COURTESY = Duration.ofSeconds(3);
  private final RequestBook requests;
  private final Claims claims;
  private final Orders orders;
  private final Predicate<Order> here;
  private final boolean loginNeeded;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "waybill-orders");
            thread.setDaemon(true);
            return thread;
          });

  private OrderMail(
      RequestBook requests,
      Claims claims,
      Orders orders,
      Predicate<Order> here,
      boolean loginNeeded) {
    this.loginNeeded = loginNeeded;
    this.requests = requests;
    this.claims = claims;
    this.orders = orders;
    this.here = here;
  }

  /**
   * Begins to look for orders.
   *
   * @param here whether an order is about a flow that this process delivers, where several could
   * @param loginNeeded whether only those may order who are logged in, of whom the ledger knows
   *     nothing
   */
  static OrderMail start(
      RequestBook requests,
      Claims claims,
      Orders orders,
      Predicate<Order> here,
      boolean loginNeeded) {
    OrderMail mail = new OrderMail(requests, claims, orders, here, loginNeeded);
    var unused =
        mail.timer.scheduleWithFixedDelay(
            mail::look, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    return mail;
  }

  static String write(Object orderOrAnswer) {
    try {
      return JSON.writeValueAsString(orderOrAnswer);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not to be written as JSON", e);
    }
  }

  static Answer answer(String json) {
    try {
      return JSON.readValue(json, Answer.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no answer", e);
    }
  }

  private void look() {
    try {
      for (Request request : requests.open()) {
        if (isOurs(request)) {
          take(request);
        }
      }
    } catch (LedgerException e) {
      LOG.warn("orders cannot be read: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("an order was not answered", e);
    }
  }

  /**
   * Among processes that share the ledger the one that delivers the flow comes first; after a while
   * it is the one of the home that the order was given in, which can always say why not.
   */
  private boolean isOurs(Request request) {
    if (!claims.shared()) {
      return true;
    }
    Optional<Order> order = order(request);
    boolean withFile = order.filter(Order.ReplayMended.class::isInstance).isPresent();
    if (!withFile && order.filter(here).isPresent()) {
      return true;
    }
    boolean waited = request.at().plus(COURTESY).isBefore(Instant.now());
    return request.ownHome() && (withFile || waited);
  }

  private static Optional<Order> order(Request request) {
    try {
      return Optional.of(JSON.readValue(request.order(), Order.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private void take(Request request) {
    try (Claim mine = claims.claim(CLAIM, Long.toString(request.number())).orElse(null)) {
      if (mine != null && requests.answer(request.number()).isEmpty()) {
        requests.done(request.number(), write(carryOut(request)));
      }
    }
  }

  private Answer carryOut(Request request) {
    LOG.info("order {} by {}: {}", request.number(), request.by(), request.order());
    if (loginNeeded) {
      return Answers.denied(
          "waybill.identity.cli is oidc, so orders come by the management API from those who are"
              + " logged in",
          "./waybill login, with the same application.properties");
    }
    try {
      return orders.carryOut(JSON.readValue(request.order(), Order.class), local(request));
    } catch (JsonProcessingException e) {
      return Answers.refused(
          "the serving process does not know this order; is it an older Waybill?");
    } catch (RuntimeException e) {
      LOG.error("order {} failed", request.number(), e);
      return Answers.failed("an unforeseen " + e.getClass().getName(), "the log has its trace");
    }
  }

  /**
   * Whoever can write the ledger is a user of this machine, or of one that shares it; more than
   * that it does not prove, whatever is written there.
   */
  private static Identity local(Request request) {
    return Identity.local(request.by().replaceFirst("@" + Identity.LOCAL + "$", ""));
  }

  /** An order that is being carried out ends as a stop of Waybill ends it. */
  @Override
  public void close() {
    timer.shutdownNow();
    try {
      if (!timer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("an order is still being carried out");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
