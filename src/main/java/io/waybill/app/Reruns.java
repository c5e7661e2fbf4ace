package io.waybill.app;

import io.waybill.batch.FileSource;
import io.waybill.camel.WaybillComponent.RunOfStream;
import io.waybill.control.Answer;
import io.waybill.control.Order;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.Demand;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.KeyRange;
import io.waybill.delivery.RunFailedException;
import io.waybill.delivery.RunResult;
import io.waybill.delivery.TableName;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.RunNotFoundException;
import io.waybill.ledger.RunRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets runs go on that failed or wait, and delivers sources once more. Thread-safe. */
final class Reruns {
  /** Where Camel's file component leaves what was delivered, if nobody says otherwise. */
  private static final String DELIVERED = ".camel";

  private static final String PARTITION = "kafka:";

  private final Supplier<LedgerReader> readers;
  private final FlowDesk desk;
  private final Replays replays;

  Reruns(Supplier<LedgerReader> readers, FlowDesk desk, Replays replays) {
    this.readers = readers;
    this.desk = desk;
    this.replays = replays;
  }

  Answer rerun(Order.Rerun order) {
    RunRow run;
    try (LedgerReader reader = readers.get()) {
      run = reader.run(order.run());
    } catch (RunNotFoundException e) {
      return Answers.refused(e.getMessage());
    }
    if (run.state().isComplete() && !order.again()) {
      return Answers.done(
          "run %s is %s; --again delivers all of its source once more"
              .formatted(run.id(), run.state().label()));
    }
    return go(run, demand(order));
  }

  private static Demand demand(Order.Rerun order) {
    if (!order.again()) {
      return Demand.RERUN;
    }
    return order.abandon() ? Demand.AGAIN_ABANDONING : Demand.AGAIN;
  }

  /** Sends what of a run is in doubt or was never sent. */
  Answer send(RunRow run) {
    return go(run, Demand.RERUN);
  }

  private Answer go(RunRow run, Demand demand) {
    Optional<TableName> target = desk.target(run.flow());
    if (target.isEmpty()) {
      return Answers.refused(
          "flow " + run.flow() + " is not loaded; see ./waybill check for its route file");
    }
    if (!target.get().equals(run.target())) {
      return Answers.refused(
          "run %s went to %s, and the flow goes to %s now"
              .formatted(run.id(), run.target(), target.get()));
    }
    if (replays.isOpen(run)) {
      return replays.resume(run);
    }
    if (run.source().startsWith(PARTITION)) {
      return ofPartition(run, demand);
    }
    Optional<Path> file = file(run);
    Optional<KeyRange> range = KeyRange.of(run.source());
    if (file.isEmpty() && range.isPresent()) {
      return Answers.refused(
          "the extract of run %s was settled and is not kept; the database has its rows"
              .formatted(run.id()),
          "to load them once more, write a flow of another id with keyStart=%s and AND %s <= %s in its query, and run it once"
              .formatted(range.get().from().text(), range.get().column(), range.get().to().text()));
    }
    if (file.isEmpty()) {
      return Answers.refused(
          "the source of run %s is not there any more: %s".formatted(run.id(), run.location()),
          "put it back under that name; its bytes are compared with what was planned");
    }
    return deliver(run, file.get(), demand);
  }

  private Answer ofPartition(RunRow run, Demand demand) {
    if (demand != Demand.RERUN) {
      return partitionAgain(run, demand == Demand.AGAIN_ABANDONING);
    }
    desk.goOn(run.flow(), run.id());
    return Answers.done("run %s goes on with its flow %s".formatted(run.id(), run.flow()));
  }

  private Answer partitionAgain(RunRow run, boolean abandon) {
    try {
      long from =
          desk.again(new RunOfStream(run.flow(), run.id(), run.source(), run.location()), abandon);
      return Answers.done(
          "%s is delivered once more from offset %d on, by flow %s"
              .formatted(run.location(), from, run.flow()));
    } catch (HeldDeliveryException e) {
      return Answers.held(e.failure());
    } catch (RunFailedException e) {
      return Answers.failed(e.getMessage(), e.remedy());
    }
  }

  private static Optional<Path> file(RunRow run) {
    Path file = Path.of(run.location());
    Path delivered = file.resolveSibling(DELIVERED).resolve(file.getFileName());
    return Files.isRegularFile(file)
        ? Optional.of(file)
        : Optional.of(delivered).filter(Files::isRegularFile);
  }

  private Answer deliver(RunRow run, Path file, Demand demand) {
    try {
      RunResult result =
          desk.deliver(run.flow(), new FileSource(file, run.source()), run.format(), demand);
      return Answers.of(result);
    } catch (HeldDeliveryException e) {
      return Answers.held(e.failure());
    } catch (RunFailedException e) {
      return Answers.failed(e.getMessage(), e.remedy());
    } catch (DeliveryStoppedException e) {
      return Answers.failed("Waybill was stopped", "./waybill rerun " + run.id());
    }
  }
}
