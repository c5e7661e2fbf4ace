package io.waybill.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.delivery.TableName;
import io.waybill.ledger.ApprovalBook;
import io.waybill.ledger.ApprovalRow;
import io.waybill.policy.Action;
import io.waybill.policy.Approvable;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import io.waybill.policy.Identity;
import io.waybill.policy.Lined;
import io.waybill.policy.Policies;
import io.waybill.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Lets orders wait for a second person where an environment of the policy asks for one, and carries
 * them out when there is one. Thread-safe.
 */
final class ApprovalDesk {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Policies policies;
  private final ApprovalBook book;
  private final Targets targets;
  private final Clock clock;
  private final MendedRecords kept;

  /** Finds the flows that an order is about, with their tables. */
  interface Targets {
    /** Target by flow; empty if nothing is known. */
    Map<String, TableName> of(Order order);
  }

  /** Carries an order out. */
  interface Carrying {
    Answer carryOut(Order order, String by);
  }

  ApprovalDesk(Home home, Policies policies, ApprovalBook book, Targets targets, Clock clock) {
    this.policies = policies;
    this.book = book;
    this.targets = targets;
    this.clock = clock;
    this.kept = new MendedRecords(home.data().resolve("approvals"));
  }

  /** What asks for an approval of an order. */
  private record Rule(Approvable action, String flow, Environment environment) {

    String line() {
      return new Lined<>(action, environment.approvals().get(action)).place();
    }
  }

  /** The answer to an order that has to wait; empty if it need not. */
  Optional<Answer> waits(Order order, String by) {
    return rule(order).map(rule -> ask(order, rule, by));
  }

  private Optional<Rule> rule(Order order) {
    Policy policy = policies.current();
    Optional<Approvable> action = action(order);
    if (action.isEmpty() || !policy.isPresent()) {
      return Optional.empty();
    }
    return targets.of(order).entrySet().stream()
        .flatMap(
            each ->
                policy.environmentsOf(each.getValue().database(), each.getValue().table()).stream()
                    .filter(environment -> environment.approvals().containsKey(action.get()))
                    .map(environment -> new Rule(action.get(), each.getKey(), environment)))
        .findFirst();
  }

  private static Optional<Approvable> action(Order order) {
    if (order instanceof Order.Replay || order instanceof Order.ReplayMended) {
      return Optional.of(Approvable.REPLAY);
    }
    if (order instanceof Order.Backfill) {
      return Optional.of(Approvable.BACKFILL);
    }
    if (order instanceof Order.Rerun
        || (order instanceof Order.Reconcile reconcile && reconcile.send())) {
      return Optional.of(Approvable.RERUN);
    }
    if (order instanceof Order.Discard) {
      return Optional.of(Approvable.DISCARD);
    }
    return order instanceof Order.MarkRun ? Optional.of(Approvable.MARK) : Optional.empty();
  }

  private Answer ask(Order order, Rule rule, String by) {
    Instant now = clock.instant();
    Instant expires = now.plus(rule.environment().approvalExpiry());
    try {
      Order asked =
          order instanceof Order.ReplayMended mended
              ? new Order.ReplayMended(
                  kept.keep(Path.of(mended.file())).toString(), mended.letters())
              : order;
      long number =
          book.ask(
              new ApprovalRow(
                  0,
                  rule.action().word(),
                  rule.flow(),
                  rule.environment().name(),
                  rule.line(),
                  JSON.writeValueAsString(asked),
                  "%s of flow %s in %s"
                      .formatted(rule.action().word(), rule.flow(), rule.environment().name()),
                  by,
                  now,
                  expires,
                  ApprovalRow.Decision.NONE));
      return new Answer(
          Answer.Outcome.HELD_OR_FAILED,
          java.util.List.of(
              "%s into %s needs a second person (%s): it waits as approval %d until %s"
                  .formatted(
                      rule.action().word(),
                      rule.environment().name(),
                      rule.line(),
                      number,
                      expires),
              "remedy: somebody other than %s: ./waybill approvals approve %d"
                  .formatted(by, number)));
    } catch (IOException e) {
      return Answers.failed(
          "the order cannot be kept: " + e.getMessage(), "make data/approvals writable");
    }
  }

  /** Decides what waits, and carries it out if it is approved. */
  Answer decide(Order.Decide order, Identity who, String by, Carrying carrying) {
    Instant now = clock.instant();
    Optional<ApprovalRow> row = book.find(order.approval(), now);
    if (row.isEmpty()) {
      return Answers.refused(
          "there is no approval %d; ./waybill approvals lists them".formatted(order.approval()));
    }
    Optional<Answer> objection =
        objection(row.get(), who, by, now)
            .or(() -> order.approve() ? keptElsewhere(row.get()) : Optional.empty());
    if (objection.isPresent()) {
      return objection.get();
    }
    if (!book.decide(order.approval(), order.approve(), by, now)) {
      return Answers.refused("approval %d was decided meanwhile".formatted(order.approval()));
    }
    if (!order.approve()) {
      kept.forget(row.get().subject());
      return Answers.done("approval %d is rejected".formatted(order.approval()));
    }
    if (row.get().action().equals(ApprovalRow.STATEMENT)) {
      return Answers.done(
          "%s is approved until %s".formatted(row.get().summary(), row.get().expires()));
    }
    return carryOut(row.get(), carrying);
  }

  private Optional<Answer> objection(ApprovalRow row, Identity who, String by, Instant now) {
    if (!row.isWaiting(now)) {
      return Optional.of(
          Answers.refused(
              "approval %d is %s%s"
                  .formatted(
                      row.number(),
                      row.decision().state().label(),
                      row.decision().by().isEmpty() ? "" : ", by " + row.decision().by())));
    }
    Decision right = policies.current().decide(who, Action.ADMINISTER);
    if (!right.allowed()) {
      return Optional.of(Answers.denied(right.toString(), right.remedy()));
    }
    return isSamePerson(row.by(), who, by)
        ? Optional.of(
            Answers.denied(
                "approval %d was asked for by %s; it needs another person (%s)"
                    .formatted(row.number(), by, row.rule()),
                "let somebody else decide"))
        : Optional.empty();
  }

  /** Homes share a ledger, not their files: without the records nothing is decided. */
  private static Optional<Answer> keptElsewhere(ApprovalRow row) {
    return row.action().equals(ApprovalRow.STATEMENT)
        ? Optional.empty()
        : asked(row)
            .filter(Order.ReplayMended.class::isInstance)
            .map(order -> Path.of(((Order.ReplayMended) order).file()))
            .filter(Files::notExists)
            .map(
                file ->
                    Answers.refused(
                        "the mended records of approval %d are not here, but in the home that they were ordered in: %s"
                            .formatted(row.number(), file),
                        "remedy: approve it there, or put them back; it still waits"));
  }

  private static Optional<Order> asked(ApprovalRow row) {
    try {
      return Optional.of(JSON.readValue(row.subject(), Order.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Who is known by one name at two doors is taken for one person. */
  private static boolean isSamePerson(String asked, Identity who, String by) {
    return asked.equals(by) || asked.equals(who.name()) || asked.startsWith(who.name() + "@");
  }

  private Answer carryOut(ApprovalRow row, Carrying carrying) {
    try {
      return asked(row)
          .map(order -> carrying.carryOut(order, row.by()))
          .orElseGet(
              () ->
                  Answers.refused(
                      "the order of approval %d is not known to this Waybill"
                          .formatted(row.number())));
    } finally {
      kept.forget(row.subject());
    }
  }
}
