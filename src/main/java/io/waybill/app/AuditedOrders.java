package io.waybill.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditKind;
import io.waybill.audit.AuditLog;
import io.waybill.control.Answer;
import io.waybill.control.Caller;
import io.waybill.control.Order;
import io.waybill.control.Orders;
import io.waybill.delivery.LedgerException;
import io.waybill.policy.Identity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Notes each order of a person in the trail, with what came of it. Thread-safe. */
final class AuditedOrders implements Orders {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DETAIL = 2_000;
  private final Orders orders;
  private final Function<Order, Optional<String>> flowOf;
  private final AuditLog trail;
  private final Clock clock;

  /**
   * Notes what these carry out.
   *
   * @param flowOf the flow that an order is about
   */
  AuditedOrders(
      Orders orders, Function<Order, Optional<String>> flowOf, AuditLog trail, Clock clock) {
    this.orders = orders;
    this.flowOf = flowOf;
    this.trail = trail;
    this.clock = clock;
  }

  @Override
  public Answer carryOut(Order order, Identity by) {
    Instant began = clock.instant();
    Optional<String> flow = flow(order);
    Answer answer;
    try {
      answer = orders.carryOut(order, by);
    } catch (RuntimeException e) {
      trail.note(event(order, by, flow, began, Answers.failed(e.getClass().getName(), "")));
      throw e;
    }
    try {
      trail.note(event(order, by, flow, began, answer));
      return answer;
    } catch (LedgerException e) {
      return Answers.failed(
          "it was carried out (%s), but the audit trail could not be written: %s"
              .formatted(label(answer), e.getMessage()),
          "see docs/operations.md#ledger");
    }
  }

  private Optional<String> flow(Order order) {
    try {
      return flowOf.apply(order);
    } catch (LedgerException e) {
      return Optional.empty(); // whoever carries it out says what is the matter with the ledger
    }
  }

  private AuditEvent event(
      Order order, Identity by, Optional<String> flow, Instant began, Answer answer) {
    JsonNode json = JSON.valueToTree(order);
    String detail = json.toString();
    boolean well =
        answer.outcome() == Answer.Outcome.DONE || answer.outcome() == Answer.Outcome.DEAD_LETTERS;
    Instant now = clock.instant();
    return AuditEvent.of(AuditKind.ORDER, now)
        .with(AuditField.ACTION, json.path("order").asText())
        .with(AuditField.FLOW, flow.orElse(""))
        .with(AuditField.RUN, json.path("run").asText(""))
        .with(AuditField.TRIGGER, json.path("trigger").asText(""))
        .with(AuditField.OUTCOME, label(answer))
        .with(AuditField.REASON, well ? "" : answer.lines().stream().findFirst().orElse(""))
        .with(AuditField.ORDERED_BY, Caller.signature(by))
        .with(AuditField.IDENTITY_SOURCE, by.source())
        .with(AuditField.PLANNED_AT, began)
        .with(AuditField.ELAPSED_MS, Duration.between(began, now).toMillis())
        .with(
            AuditField.DETAIL,
            detail.length() > DETAIL ? detail.substring(0, DETAIL) + "…" : detail)
        .build();
  }

  private static String label(Answer answer) {
    return answer.outcome().name().toLowerCase(Locale.ROOT);
  }
}
