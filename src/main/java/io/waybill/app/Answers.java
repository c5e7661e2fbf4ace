package io.waybill.app;

import io.waybill.control.Answer;
import io.waybill.control.Answer.Outcome;
import io.waybill.delivery.Failure;
import io.waybill.delivery.RunResult;
import io.waybill.delivery.RunState;
import java.util.List;
import java.util.Locale;

/** What people are told of their orders. */
final class Answers {
  private Answers() {}

  static Answer refused(String... lines) {
    return new Answer(Outcome.REFUSED, List.of(lines));
  }

  static Answer denied(String reason, String remedy) {
    return new Answer(
        Outcome.DENIED,
        remedy.isEmpty()
            ? List.of("denied: " + reason)
            : List.of("denied: " + reason, "remedy: " + remedy));
  }

  static Answer done(String... lines) {
    return new Answer(Outcome.DONE, List.of(lines));
  }

  static Answer of(RunResult result) {
    String rows =
        "run %s: %s, %s rows, %s dead letters"
            .formatted(
                result.run(),
                result.state().label(),
                count(result.rows()),
                count(result.deadRows()));
    return new Answer(
        result.deadRows() > 0 && result.state() == RunState.COMPLETED_WITH_DEAD_LETTERS
            ? Outcome.DEAD_LETTERS
            : Outcome.DONE,
        List.of(rows));
  }

  static Answer held(Failure failure) {
    return new Answer(
        Outcome.HELD_OR_FAILED,
        List.of("held: " + failure.summary(), "remedy: " + failure.remedy()));
  }

  static Answer failed(String reason, String remedy) {
    return new Answer(Outcome.HELD_OR_FAILED, List.of("failed: " + reason, "remedy: " + remedy));
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
