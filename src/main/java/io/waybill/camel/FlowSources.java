package io.waybill.camel;

import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.camel.BodySources.Offered;
import io.waybill.delivery.Delivery;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.Demand;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunFailedException;
import io.waybill.delivery.RunResult;
import io.waybill.delivery.RunState;
import io.waybill.delivery.SameContent;
import io.waybill.delivery.Unit;
import io.waybill.delivery.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the sources of one flow, be they offered now or left in the spool by a crash or a hold.
 * Thread-safe.
 */
final class FlowSources {
  private static final Logger LOG = LoggerFactory.getLogger(FlowSources.class);
  private final String flow;
  private final WaybillEndpoint endpoint;
  private final WaybillServices services;
  private final Delivery delivery;
  private final BodySources bodies;
  private final MessageIntake intake;
  private final Refusals refusals;
  private final BooleanSupplier ending;
  private final ReentrantLock single = new ReentrantLock();
  private final Set<String> failed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger delivering = new AtomicInteger();

  FlowSources(
      String flow,
      WaybillEndpoint endpoint,
      WaybillServices services,
      Delivery delivery,
      BodySources bodies,
      MessageIntake intake,
      Refusals refusals,
      BooleanSupplier ending) {
    this.flow = flow;
    this.endpoint = endpoint;
    this.services = services;
    this.delivery = delivery;
    this.bodies = bodies;
    this.intake = intake;
    this.refusals = refusals;
    this.ending = ending;
  }

  /** Whoever delivers extracts or reloads holds this. */
  ReentrantLock single() {
    return single;
  }

  /** Whether a source is being delivered. */
  boolean isDelivering() {
    return delivering.get() > 0;
  }

  /** No extract begins behind one that is not settled. */
  void settleExtracts() throws IOException {
    for (Spool.Kept left : services.spool().left(flow)) {
      try {
        deliverLeft(left);
      } catch (RunFailedException e) {
        throw KeyTrouble.failed(left.source().id(), e.getMessage(), e.remedy());
      }
    }
  }

  /** Whether a source has to wait for the one in front of it. */
  boolean isOneAtATime() {
    return endpoint.isKeyed() || endpoint.isReloading();
  }

  /** An older reload that was not finished must not take the place of a newer one. */
  void supersede(String newest) throws IOException {
    supersede(services.spool().left(flow), newest);
  }

  private void supersede(List<Spool.Kept> left, String newest) throws IOException {
    for (Spool.Kept older : left) {
      String id = older.source().id();
      if (id.equals(newest)) {
        continue;
      }
      Optional<Unit> unit = services.ledger().latestUnit(flow, id, endpoint.tableName());
      Optional<Run> run = unit.flatMap(each -> services.ledger().lastRun(each.id()));
      if (run.isPresent() && !run.get().state().isComplete()) {
        services
            .ledger()
            .endRun(
                run.get().id(),
                RunState.CANCELLED,
                "a newer reload took its place",
                "",
                unit.get().stamp(),
                services.clock().instant());
      }
      services.spool().done(flow, older.source());
    }
  }

  /** Holds the flow for this, unless it comes of an end. */
  void hold(RuntimeException e) {
    if (e instanceof HeldDeliveryException held && !ending.getAsBoolean()) {
      services.holds().hold(flow, held.failure());
    }
  }

  /** Delivers a source of this flow, be it offered now or left in the spool. */
  RunResult deliver(Offered offered) {
    Format format = offered.format().orElseThrow(() -> formatUnknown(offered));
    if (endpoint.isReloading()) {
      return deliver(
          offered.source(), format, SameContent.IGNORE, Demand.RELOAD, offered.trigger());
    }
    SameContent sameContent =
        offered.anonymous() ? SameContent.IGNORE : endpoint.delivery().sameContentRule();
    return deliver(offered.source(), format, sameContent, Demand.OFFERED, offered.trigger());
  }

  private RunResult deliver(
      FileSource source, Format format, SameContent sameContent, Demand demand, String trigger) {
    delivering.incrementAndGet();
    LogScope scope = LogScope.of(flow);
    try (scope) {
      RunResult result = delivery.deliver(source, format, sameContent, demand, trigger);
      services.holds().arrived(flow);
      return result;
    } finally {
      delivering.decrementAndGet();
    }
  }

  /**
   * Delivers a source that somebody asks for, also while the flow is held; a hold that comes of it
   * is noted.
   */
  RunResult deliver(FileSource source, Format format, Demand demand) {
    try {
      return deliver(source, format, SameContent.IGNORE, demand, "");
    } catch (HeldDeliveryException e) {
      hold(e);
      throw e;
    }
  }

  /** Delivers what a crash or a hold left in the spool; what is refused again waits on. */
  void deliverSpooled() {
    if (!isOneAtATime()) {
      deliverAllSpooled();
      return;
    }
    single.lock();
    try {
      deliverAllSpooled();
    } finally {
      single.unlock();
    }
  }

  private void deliverAllSpooled() {
    try {
      if (endpoint.isReloading()) {
        List<Spool.Kept> left = services.spool().left(flow);
        supersede(left, Spool.newest(left).map(kept -> kept.source().id()).orElse(""));
      }
      intake.openIfLeft();
      for (Spool.Kept left : services.spool().left(flow)) {
        deliverUnlessFailed(left);
      }
    } catch (HeldDeliveryException e) {
      hold(e);
      intake.held(e);
    } catch (DeliveryStoppedException e) {
      LOG.warn("flow {}: what is left in the spool waits: {}", flow, e.getMessage());
    } catch (IOException e) {
      LOG.warn("flow {}: the spool cannot be read: {}", flow, e.getMessage());
    }
  }

  /** A run that failed waits for a person, and what came after it does not wait with it. */
  private void deliverUnlessFailed(Spool.Kept left) throws IOException {
    String source = left.source().id();
    if (failed.contains(source)) {
      return;
    }
    try {
      deliverLeft(left);
    } catch (RunFailedException e) {
      failed.add(source);
      intake.failed(source, e);
      LOG.warn("flow {}: {} waits in the spool: {}", flow, source, e.getMessage());
    }
  }

  private void deliverLeft(Spool.Kept left) throws IOException {
    ReentrantLock lock = services.locks().of(flow, left.source().id());
    lock.lock();
    try {
      if (left.isThere()) {
        String source = left.source().id();
        RunResult result = deliver(bodies.left(left));
        intake.delivered(source, new Arrival(result, refusals.take(source)));
        services.spool().done(flow, left.source());
      }
    } finally {
      lock.unlock();
    }
  }

  private static HeldDeliveryException formatUnknown(Offered offered) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            0,
            "FORMAT_UNKNOWN",
            "nothing tells the format of " + offered.source().location(),
            "add format=CSVWithNames (or CSV, TSV, TSVWithNames, JSONEachRow) to the waybill: URI"));
  }
}
