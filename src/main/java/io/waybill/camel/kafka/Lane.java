package io.waybill.camel.kafka;

import io.waybill.batch.RecordSource;
import io.waybill.delivery.Claims;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.MemoryBudget;
import io.waybill.delivery.RunFailedException;
import io.waybill.delivery.Stream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition while this member has it: first what is in doubt is read and sent again, then range
 * follows range. Used by the thread that polls; ranges come back from others.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LONGEST_PAUSE_MILLIS = 60_000;
  private static final Duration INTERRUPTED = Duration.ofSeconds(5);
  private final RangeConsumer owner;
  private final Consumer<Object, Object> client;
  private final TopicFacts facts;
  private final TopicPartition partition;
  private final Starting starting;
  private final Gathering gathering;
  private final Deque<LedgerBatch> inDoubt = new ArrayDeque<>();
  private final Queue<Done> done = new ConcurrentLinkedQueue<>();
  private final Queue<java.util.function.Consumer<RecordSource>> orders = new ArrayDeque<>();
  private final Set<Future<?>> working = ConcurrentHashMap.newKeySet();
  private State state = State.OPENING;
  private Optional<Claims.Claim> claim = Optional.empty();
  private PartitionSource source;
  private Stream stream;
  private boolean closing;
  private boolean leaving;
  private long leftAt = -1;
  private MemoryBudget.Room room;
  private boolean full;
  private long largestRead;
  private long oldest;
  private long from;
  private long committed = -1;
  private long settled = -1;
  private long endAtStart = -1;
  private int onTheirWay;
  private long openAt;
  private long pause = FIRST_PAUSE_MILLIS;

  private enum State {
    OPENING,
    REREADING,
    FLOWING,
    HALTED
  }

  /** A range that came back. */
  private record Done(Stream of, KafkaRange range, Exception thrown) {}

  Lane(
      RangeConsumer owner,
      Consumer<Object, Object> client,
      TopicFacts facts,
      TopicPartition partition) {
    this.owner = owner;
    this.client = client;
    this.facts = facts;
    this.partition = partition;
    this.starting = new Starting(owner, client, facts, partition);
    this.gathering = owner.gathering();
  }

  /** Opens anew: the ledger may know more by now. */
  void reopen() {
    pause = FIRST_PAUSE_MILLIS;
    reopenIn(0);
  }

  /** Does something, if this is the source, before it is opened anew. */
  void undisturbed(String sourceId, java.util.function.Consumer<RecordSource> work) {
    if (source != null && source.id().equals(sourceId)) {
      orders.add(work);
      reopen();
    }
  }

  private void reopenIn(long millis) {
    state = State.OPENING;
    openAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    forgetRead();
    closing = stream != null;
  }

  private void halt() {
    state = State.HALTED;
    forgetRead();
    closing = stream != null;
  }

  private void reopenLater() {
    reopenIn(pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
  }

  private void forgetRead() {
    gathering.begin(from, from);
    inDoubt.clear();
    full = false;
    if (room != null) {
      room.giveBack();
      room = null;
    }
  }

  void step(boolean pausing) {
    for (Done each = done.poll(); each != null; each = done.poll()) {
      cameBack(each);
    }
    if (closing && stream.close(Duration.ZERO)) {
      stream = null;
      closing = false;
    }
    if (closing || pausing) {
      return;
    }
    if (claim.isPresent() && !claim.get().isHeld() && state != State.OPENING) {
      LOG.warn("flow {}: the claim to {} was lost", owner.getRouteId(), partition);
      claim = Optional.empty();
      reopenLater();
      return;
    }
    try {
      switch (state) {
        case OPENING -> openWhenTime();
        case REREADING -> reread();
        case FLOWING -> flow();
        case HALTED -> {}
      }
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /** What another process does with these records it would not know. */
  void lookAtMembers() {
    try {
      starting.refuseForeignMembers();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(RuntimeException e) {
    if (e instanceof HeldDeliveryException held) {
      halt();
      owner.hold(held.failure());
    } else if (e instanceof RunFailedException fatal) {
      halt();
      if (!fatal.isRepeated()) {
        return;
      }
      LOG.warn(
          "flow {}: {} waits: {}. {}",
          owner.getRouteId(),
          partition,
          fatal.getMessage(),
          fatal.remedy());
    } else if (e instanceof KafkaException || e instanceof LedgerException) {
      LOG.warn("flow {}: {} is tried again: {}", owner.getRouteId(), partition, e.getMessage());
      reopenLater();
    } else if (e instanceof DeliveryStoppedException) {
      reopenLater();
    } else {
      throw e;
    }
  }

  private void openWhenTime() {
    if (System.nanoTime() < openAt) {
      return;
    }
    if (source == null || claim.isEmpty()) {
      source = facts.source(partition);
      claim = owner.target().claims().claim(owner.getRouteId(), source.id());
    }
    if (claim.isEmpty()) {
      reopenLater(); // who had it is still settling
      return;
    }
    for (var order = orders.poll(); order != null; order = orders.poll()) {
      order.accept(source);
    }
    starting.refuseForeignMembers();
    stream = owner.target().open(source);
    Starting.Begin begin = starting.begin(stream);
    endAtStart = endAtStart < 0 ? begin.end() : endAtStart;
    committed = begin.committed();
    inDoubt.addAll(stream.inDoubt());
    seekNext();
  }

  private void seekNext() {
    if (inDoubt.isEmpty()) {
      from = stream.next().orElseThrow();
      gathering.begin(from, Long.MAX_VALUE);
      state = State.FLOWING;
    } else {
      from = inDoubt.peek().plan().position().from();
      gathering.begin(from, inDoubt.peek().plan().position().to());
      state = State.REREADING;
    }
    client.seek(partition, from);
  }

  private void reread() {
    LedgerBatch batch = inDoubt.peek();
    long to = batch.plan().position().to();
    if (client.position(partition) < to || !owner.slots().tryAcquire()) {
      return;
    }
    inDoubt.remove();
    MemoryBudget.Room taken = room;
    room = null;
    send(gathering.all(), to, batch, taken);
    seekNext();
  }

  private void flow() {
    if (gathering.isEmpty()) {
      stream.rest();
      return;
    }
    if (full) {
      takeRoom(); // what was on its way has given some back meanwhile
    }
    boolean due =
        gathering.isWhole()
            || (full && owner.isNothingOnItsWay())
            || System.nanoTime() - oldest >= owner.target().interval().toNanos();
    if (!due || !owner.slots().tryAcquire()) {
      return;
    }
    Gathering.Part part = gathering.next();
    full = false;
    send(part, part.to(), null, roomFor(part.memory()));
    from = part.to();
  }

  /** A part of the room that was taken for what was read. */
  private MemoryBudget.Room roomFor(long bytes) {
    MemoryBudget.Room taken = room;
    if (taken == null) {
      return null;
    }
    if (gathering.isEmpty()) {
      room = null;
      taken.shrinkTo(bytes);
      return taken;
    }
    taken.shrinkTo(gathering.memory() + largestRead);
    return owner.target().memory().tryTake(bytes).orElse(null);
  }

  private void send(Gathering.Part part, long end, LedgerBatch batch, MemoryBudget.Room taken) {
    Stream of = stream;
    KafkaRange range =
        part.range(new KafkaRange.Place(of, source, owner.columns(), from, end, batch));
    onTheirWay++;
    working.removeIf(Future::isDone);
    working.add(
        owner.work(
            () -> {
              Exception thrown = owner.send(range);
              range.close();
              if (taken != null) {
                taken.giveBack();
              }
              owner.slots().release();
              done.add(new Done(of, range, thrown));
            }));
  }

  private void cameBack(Done each) {
    onTheirWay--;
    if (each.range.isSettled()) {
      pause = FIRST_PAUSE_MILLIS;
    }
    if (each.range.isSettled() || each.of != stream || closing) {
      return;
    }
    if (each.thrown instanceof HeldDeliveryException || each.thrown instanceof RunFailedException) {
      halt(); // who threw it has held the flow, or noted it in the ledger
    } else if (each.thrown instanceof DeliveryStoppedException) {
      reopenLater(); // another range closed the stream
    } else {
      LOG.warn(
          "flow {}: a step in front of waybill: failed for a range of {}, and is tried again: {}",
          owner.getRouteId(),
          partition,
          String.valueOf(each.thrown));
      reopenLater();
    }
  }

  void add(List<ConsumerRecord<Object, Object>> records) {
    if (state != State.FLOWING && state != State.REREADING) {
      return;
    }
    if (gathering.isEmpty()) {
      oldest = System.nanoTime();
    }
    long before = gathering.memory();
    records.forEach(gathering::add);
    largestRead = Math.max(largestRead, gathering.memory() - before);
    takeRoom();
  }

  /** Also for what one more look may bring, since that cannot be refused any more. */
  private void takeRoom() {
    long wanted = gathering.memory() + largestRead;
    if (room == null) {
      room = owner.target().memory().tryTake(wanted).orElse(null);
      full = room == null;
    } else {
      full = !room.growTo(Math.min(wanted, owner.target().memory().bytes()));
    }
  }

  boolean wants() {
    if (closing) {
      return false;
    }
    return switch (state) {
      case REREADING -> client.position(partition) < inDoubt.peek().plan().position().to();
      case FLOWING -> !full && !gathering.isWhole();
      case OPENING, HALTED -> false;
    };
  }

  /** Deleted from under us, or another topic of the same name. */
  void outOfRange() {
    LOG.warn("flow {}: {} has not what is to be read next", owner.getRouteId(), partition);
    if (state == State.REREADING) {
      LedgerBatch gone = inDoubt.peek();
      try {
        var unused = stream.resend(gone, null);
      } catch (RuntimeException e) {
        failed(e);
      }
      return;
    }
    source = null;
    settled = -1;
    release();
    reopenLater();
  }

  boolean isBusy() {
    return onTheirWay > 0 || !gathering.isEmpty() || state == State.REREADING || closing;
  }

  boolean isDrained() {
    return state == State.HALTED
        || (state == State.FLOWING
            && onTheirWay == 0
            && gathering.isEmpty()
            && client.position(partition) >= endAtStart);
  }

  /** Everything before this offset is settled, or is no record: there are marks of transactions. */
  private long covered() {
    boolean idle =
        state == State.FLOWING && onTheirWay == 0 && gathering.isEmpty() && stream.isSettled();
    return idle ? client.position(partition) : stream.settled();
  }

  /** The offset that may be committed, if it was not. */
  Optional<OffsetAndMetadata> toCommit() {
    if (stream == null || (state != State.FLOWING && state != State.REREADING)) {
      return Optional.empty();
    }
    long offset = leaving ? Math.max(leftAt, stream.settled()) : covered();
    if (offset <= committed) {
      return Optional.empty();
    }
    committed = offset;
    return Optional.of(new OffsetAndMetadata(offset, Starting.OURS));
  }

  /**
   * How many records are not settled, if that is known: without asking the broker. Of a flow that
   * is held, what was known when it was.
   */
  OptionalLong lag() {
    if (stream != null && (state == State.FLOWING || state == State.REREADING)) {
      settled = Math.max(committed, stream.settled());
    }
    OptionalLong ahead = client.currentLag(partition);
    if (ahead.isEmpty() || settled < 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Math.max(0, client.position(partition) + ahead.getAsLong() - settled));
  }

  void commitAgain() {
    committed = -1;
  }

  /** Takes nothing more of a partition that is still this member's. */
  void close() {
    // later, what was read and forgotten will be behind the client's position, and not settled
    leftAt = stream == null ? -1 : covered();
    lose();
  }

  /** Takes nothing more of a partition that another member may have by now. */
  void lose() {
    leaving = true;
    forgetRead();
    if (stream != null) {
      var unused = stream.close(Duration.ZERO);
    }
  }

  /** Waits for what is on its way; what does not end in time is left planned. */
  void drain(Duration atMost) {
    if (stream != null && !stream.close(atMost)) {
      abandon();
      var unused = stream.close(INTERRUPTED);
    }
  }

  void abandon() {
    working.forEach(work -> work.cancel(true));
  }

  /** Gives the partition away, when nothing is on its way; whether that is so. */
  boolean leave(Duration atMost) {
    forgetRead();
    if (stream != null && !stream.close(atMost)) {
      return false;
    }
    stream = null;
    state = State.HALTED;
    release();
    return true;
  }

  private void release() {
    claim.ifPresent(Claims.Claim::close);
    claim = Optional.empty();
  }
}
