package io.waybill.app;

import io.waybill.camel.Drain;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunListener;
import io.waybill.delivery.RunState;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Waybill;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log, the progress and the drain what happens to runs. Thread-safe. */
final class RunLog implements RunListener {
  private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);
  private final RunProgress progress;
  private final Drain drain;

  RunLog(RunProgress progress, Drain drain) {
    this.progress = progress;
    this.drain = drain;
  }

  @Override
  public void begun(Run run, Unit unit, String location, boolean resumed) {
    drain.begun();
    progress.begun(run, unit, location, resumed);
    LOG.info(
        "flow {}: run {} {}: {} -> {}",
        run.flow(),
        run.id(),
        resumed ? "goes on" : "begins",
        location,
        unit.target());
  }

  @Override
  public void unchanged(Run run, Unit unit, String location) {
    progress.unchanged(run, unit, location);
    LOG.info("flow {}: {} was delivered already by run {}", run.flow(), location, run.id());
  }

  @Override
  public void stillFailed(Run run, Unit unit, String location) {
    // no line in the log: a source that is polled is offered every half second
    progress.stillFailed(run, unit, location);
  }

  @Override
  public void read(Run run, double fraction) {
    progress.read(run, fraction);
  }

  @Override
  public void settled(Waybill waybill) {
    progress.settled(waybill);
    LOG.debug("batch {} {}", waybill.plan().id(), waybill.state().label());
  }

  @Override
  public void ended(Run run, RunState state, String reason, String remedy) {
    progress.ended(run, state, reason, remedy);
    if (state == RunState.HELD || state == RunState.FAILED) {
      LOG.warn("flow {}: run {} {}: {}. {}", run.flow(), run.id(), state.label(), reason, remedy);
      return;
    }
    progress
        .of(java.util.List.of(run.id()))
        .forEach(
            now ->
                LOG.info(
                    "flow {}: run {} {}: {} rows, {} bytes, {} batches, {} dead letters in {} ms",
                    run.flow(),
                    run.id(),
                    state.label(),
                    now.rows(),
                    now.bytes(),
                    now.batches(),
                    now.deadRows(),
                    now.elapsed().toMillis()));
  }
}
