package io.waybill.app;

import io.waybill.ledger.TriggerBook;
import io.waybill.ledger.TriggerRow;
import io.waybill.ledger.TriggerState;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes how triggers end, and tells of those that fail or are late. Thread-safe. */
record TriggerEnds(TriggerBook book, Alerts alerts, Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(TriggerEnds.class);
  private static final String SHOW = "./waybill show ";

  /** Notes an outcome, if it is an end. */
  void end(TriggerRow trigger, TriggerOutcome outcome) {
    if (!outcome.state().isEnded()) {
      return; // its runs tell when they end
    }
    if (book.end(trigger.id(), outcome.state(), outcome.reason(), clock.instant())) {
      endBackfill(trigger);
      LOG.info(
          "trigger {} of flow {} {}{}",
          trigger.id(),
          trigger.flow(),
          outcome.state().label(),
          outcome.reason().isEmpty() ? "" : ": " + outcome.reason());
      if (outcome.state() == TriggerState.TIMED_OUT) {
        alerts.late(trigger.flow(), "", outcome.reason(), SHOW + trigger.id());
      }
      if (outcome.state() == TriggerState.FAILED && book.runs(trigger.id()).isEmpty()) {
        alerts.failed(trigger.flow(), outcome.reason(), SHOW + trigger.id());
      }
    }
  }

  /** A backfill ends with the last of its parts. */
  void endBackfill(TriggerRow part) {
    if (!part.parent().isEmpty()) {
      book.worstOfParts(part.parent())
          .filter(TriggerState::isEnded)
          .flatMap(state -> book.find(part.parent()).map(parent -> Map.entry(parent, state)))
          .ifPresent(
              each ->
                  end(each.getKey(), new TriggerOutcome(each.getValue(), "its parts tell why")));
    }
  }

  /**
   * Says that a trigger is late, unless it is complete.
   *
   * @param most how long after it was due it should have been
   */
  void lookWhetherLate(TriggerRow trigger, Duration most) {
    boolean complete = book.find(trigger.id()).filter(now -> now.state().isComplete()).isPresent();
    if (!complete) {
      String text = "not complete %s after %s".formatted(words(most), trigger.due());
      LOG.warn("flow {}: trigger {} is late: {}", trigger.flow(), trigger.id(), text);
      alerts.late(trigger.flow(), "", text, SHOW + trigger.id());
    }
  }

  static String words(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
