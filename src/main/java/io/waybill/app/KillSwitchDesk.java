package io.waybill.app;

import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.ledger.KillSwitchBook;
import io.waybill.ledger.KillSwitchRow;
import io.waybill.policy.Action;
import io.waybill.policy.Decision;
import io.waybill.policy.Environment;
import io.waybill.policy.Identity;
import io.waybill.policy.Policies;
import java.time.Clock;
import java.util.function.Predicate;

/** Puts kill switches on and off. Thread-safe. */
final class KillSwitchDesk {
  private final Policies policies;
  private final KillSwitchBook book;
  private final Predicate<String> flows;
  private final Runnable changed;
  private final Clock clock;

  /**
   * A desk.
   *
   * @param flows whether a flow of this name is loaded
   * @param changed looks at all flows again
   */
  KillSwitchDesk(
      Policies policies,
      KillSwitchBook book,
      Predicate<String> flows,
      Runnable changed,
      Clock clock) {
    this.policies = policies;
    this.book = book;
    this.flows = flows;
    this.changed = changed;
    this.clock = clock;
  }

  Answer order(Order.KillSwitch order, Identity who, String by) {
    Decision right = policies.current().decide(who, Action.ADMINISTER);
    if (!right.allowed()) {
      return Answers.denied(right.toString(), right.remedy());
    }
    boolean environment =
        policies.current().environments().stream()
            .map(Environment::name)
            .anyMatch(order.name()::equals);
    boolean flow = flows.test(order.name());
    boolean known =
        book.on().stream().anyMatch(row -> row.name().equals(order.name()) && !order.on());
    if (!environment && !flow && !known) {
      return Answers.refused(
          "there is no environment and no flow %s; ./waybill flows lists flows, policy.yaml has the environments"
              .formatted(order.name()));
    }
    return order.on() ? putOn(order, environment, by) : putOff(order, by);
  }

  /** A name that both have stops more. */
  private Answer putOn(Order.KillSwitch order, boolean environment, String by) {
    KillSwitchRow row = row(order, environment, by);
    if (!book.putOn(row)) {
      return Answers.done("the kill switch of %s is on already".formatted(row));
    }
    changed.run();
    return Answers.done(
        "the kill switch of %s is on: nothing more is written. ./waybill kill-switch %s off"
            .formatted(row, order.name()));
  }

  private KillSwitchRow row(Order.KillSwitch order, boolean environment, String by) {
    return new KillSwitchRow(environment, order.name(), by, clock.instant(), order.reason());
  }

  private Answer putOff(Order.KillSwitch order, String by) {
    boolean was = false;
    for (boolean environment : new boolean[] {true, false}) {
      was |= book.putOff(row(order, environment, by));
    }
    changed.run();
    return was
        ? Answers.done("the kill switch of %s is off".formatted(order.name()))
        : Answers.refused("the kill switch of %s is not on by order".formatted(order.name()));
  }
}
