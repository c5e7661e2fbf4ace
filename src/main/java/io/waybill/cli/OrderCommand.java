package io.waybill.cli;

import io.waybill.app.OrderCounter;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import java.io.PrintWriter;

/** A command that orders something; whoever serves the home does it. */
abstract class OrderCommand extends WaybillCommand {

  /** Gets it done, tells what came of it, and returns the exit code. */
  final int place(Order order) throws Exception {
    Answer answer =
        OrderCounter.place(home(), config(), order, new Download(err()), err()::println);
    boolean well =
        answer.outcome() == Answer.Outcome.DONE || answer.outcome() == Answer.Outcome.DEAD_LETTERS;
    PrintWriter to = well ? out() : err();
    answer.lines().forEach(to::println);
    to.flush();
    return switch (answer.outcome()) {
      case DONE -> ExitCode.OK;
      case DEAD_LETTERS -> ExitCode.DEAD_LETTERS;
      case REFUSED -> ExitCode.USAGE;
      case DENIED, HELD_OR_FAILED -> ExitCode.HELD_OR_FAILED;
    };
  }
}
