package io.waybill.delivery;

import io.waybill.batch.Batch;
import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Position;
import io.waybill.batch.RecordSource;
import io.waybill.batch.SegmentPool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A source that goes on and on, as a partition of a topic, from when this process got it until it
 * gives it away. Whoever reads it cuts it into ranges that follow one another; each is one batch.
 * First the ranges in doubt are to be sent again, then new ones in their order: several may be on
 * their way at once, but none is planned before the one in front of it.
 *
 * <p>What fails closes the stream: nothing more is planned, and it is to be opened anew. A run
 * begins with the first batch and ends with the stream, when nothing came for a while, and else
 * after an hour. Thread-safe.
 */
public final class Stream {
  private static final Duration FOREVER = Duration.ofDays(36_500);
  private final Papers papers;
  private final StreamRuns runs;
  private final List<LedgerBatch> inDoubt;
  private final TreeSet<Long> unsettled = new TreeSet<>();
  private final boolean fresh;
  private OptionalLong next = OptionalLong.empty();
  private long nextRecord = 1;
  private int active;
  private RuntimeException failure;

  private Stream(
      FlowSpec flow,
      Papers papers,
      SegmentPool pool,
      RunIds ids,
      RecordSource source,
      Optional<Unit> unit) {
    this.papers = papers;
    Ledger ledger = papers.ledger();
    this.inDoubt = unit.map(each -> ledger.planned(each.id())).orElse(List.of());
    this.runs = new StreamRuns(flow, papers, pool, ids, source, unit);
    Optional<Position> last = unit.flatMap(each -> ledger.lastPosition(each.id()));
    last.ifPresent(this::goOnBehind);
    this.fresh = last.isEmpty();
    if (fresh) {
      unit.ifPresent(each -> next = OptionalLong.of(each.stamp().size()));
    }
    inDoubt.forEach(batch -> unsettled.add(batch.plan().position().from()));
  }

  /**
   * Opens a source where the ledger says that it was left.
   *
   * @throws RunFailedException if its last run failed and nobody asked for it to go on
   */
  static Stream open(
      FlowSpec flow,
      Papers papers,
      SegmentPool pool,
      RunIds ids,
      RecordSource source,
      Optional<Unit> unit) {
    Stream stream = new Stream(flow, papers, pool, ids, source, unit);
    stream.finishInterrupted();
    return stream;
  }

  private void goOnBehind(Position last) {
    next = OptionalLong.of(last.to());
    nextRecord = last.firstRecord() + last.records();
  }

  /** A run that was interrupted with everything settled is complete. */
  private synchronized void finishInterrupted() {
    if (runs.hasUnfinished() && inDoubt.isEmpty()) {
      runs.begin(stamp());
      runs.end(stamp());
    }
  }

  /** Where the first new range is to begin; empty if the ledger knows nothing of the source. */
  public synchronized OptionalLong next() {
    return next;
  }

  /** Whether nothing was planned of it yet, or of this generation of it. */
  public boolean isFresh() {
    return fresh;
  }

  /** What is to be sent again first, in the order of its positions. */
  public List<LedgerBatch> inDoubt() {
    return inDoubt;
  }

  /** Begins here, or goes on here: what lies before and was not delivered is left out. */
  public synchronized void goOnAt(long position) {
    if (next.isPresent() && position < next.getAsLong()) {
      throw new IllegalArgumentException("what was planned is not planned again");
    }
    next = OptionalLong.of(position);
  }

  /** Everything before this position is settled. */
  public synchronized long settled() {
    return unsettled.isEmpty() ? next.orElse(0) : unsettled.first();
  }

  /** Whether nothing is on its way or in doubt. */
  public synchronized boolean isSettled() {
    return active == 0 && unsettled.isEmpty();
  }

  /**
   * Delivers the next range, when its turn has come. Its batch is settled when this returns; its
   * memory is given back in any case.
   *
   * @param oldest time of its oldest record
   * @return the run that it came with
   * @throws HeldDeliveryException if it has to wait for a person or the server
   * @throws RunFailedException if the run cannot go on
   * @throws DeliveryStoppedException if the stream was closed before its turn came
   */
  public Run deliver(Batch batch, Instant oldest) {
    Attempts attempts;
    StreamRuns.Running with;
    Batch placed;
    synchronized (this) {
      try {
        awaitTurn(batch.position().from());
        rollOver();
        with = runs.begin(stamp());
        placed = batch.from(nextRecord);
        attempts = runs.plan(with, placed, oldest);
      } catch (RuntimeException e) {
        batch.payload().release();
        throw failed(e);
      }
      unsettled.add(placed.position().from());
      goOnBehind(placed.position());
      active++;
      notifyAll();
    }
    send(with, placed, attempts);
    return with.run();
  }

  /** Leaves out the next range, when its turn has come: there is nothing in it to deliver. */
  public synchronized void skip(long from, long to) {
    awaitTurn(from);
    next = OptionalLong.of(to);
    notifyAll();
  }

  /**
   * Sends a batch in doubt again. As {@link #deliver}.
   *
   * @param whole all records of its range; null if they are gone
   * @throws RunFailedException if they are not what was planned; nothing is sent
   */
  public Run resend(LedgerBatch batch, Batch whole) {
    Attempts attempts;
    StreamRuns.Running with;
    Batch again;
    synchronized (this) {
      try {
        throwIfClosed();
        with = runs.begin(stamp());
        again = runs.again(batch.plan(), whole);
        attempts = runs.planAgain(with, batch, again);
      } catch (RuntimeException e) {
        throw failed(e);
      }
      active++;
    }
    send(with, again, attempts);
    return with.run();
  }

  private void send(StreamRuns.Running with, Batch batch, Attempts attempts) {
    RuntimeException thrown = null;
    try {
      with.sender().send(batch, attempts);
    } catch (RuntimeException e) {
      thrown = e;
    }
    synchronized (this) {
      active--;
      runs.sent();
      if (thrown == null) {
        unsettled.remove(batch.position().from());
      }
      notifyAll();
      if (thrown != null) {
        throw failed(thrown);
      }
      endIfClosed();
    }
  }

  private void awaitTurn(long from) {
    throwIfClosed();
    awaitThat(() -> next.orElseThrow() == from || failure != null, FOREVER);
    throwIfClosed();
  }

  private void throwIfClosed() {
    if (failure != null) {
      throw new DeliveryStoppedException(failure);
    }
    if (papers.stopping().getAsBoolean()) {
      throw new DeliveryStoppedException(null);
    }
  }

  private synchronized void awaitThat(BooleanSupplier condition, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    long left = atMost.toNanos();
    try {
      while (!condition.getAsBoolean() && left > 0) {
        wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        left = deadline - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeliveryStoppedException(e);
    }
  }

  private Stamp stamp() {
    return new Stamp(next.orElse(0), 0);
  }

  private void rollOver() {
    if (runs.isLong()) {
      awaitThat(() -> active == 0, FOREVER);
      throwIfClosed();
      runs.end(stamp());
    }
  }

  /** Ends the run if nothing came for a while. */
  public synchronized void rest() {
    if (failure == null && active == 0 && unsettled.isEmpty() && runs.isResting()) {
      try {
        runs.end(stamp());
      } catch (LedgerException e) {
        throw failed(e);
      }
    }
  }

  /** Closes the stream and gives the failure in the form that others know it by. */
  private RuntimeException failed(RuntimeException thrown) {
    RuntimeException known = Held.known(thrown);
    if (failure == null) {
      failure = known;
    }
    notifyAll();
    endIfClosed();
    return known;
  }

  /** The last one that is on its way ends the run. */
  private void endIfClosed() {
    if (failure != null && active == 0) {
      runs.endBy(failure, unsettled.isEmpty(), stamp());
    }
  }

  /**
   * Plans nothing more, and waits for what is on its way.
   *
   * @return whether nothing is on its way any more
   */
  public synchronized boolean close(Duration atMost) {
    if (failure == null) {
      failure = new DeliveryStoppedException(null);
      notifyAll();
    }
    awaitThat(() -> active == 0, atMost);
    endIfClosed();
    return active == 0;
  }
}
