package io.waybill.camel.kafka;

import io.waybill.batch.RecordSource;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.RunFailedException;
import io.waybill.delivery.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
  private static final Duration INTERRUPTED = Duration.ofSeconds(5);
  private final RangeConsumer owner;
  private final TopicPartition partition;
  private final Starting starting;
  private final Opening opening;
  private final Sending sending;
  private final Reading reading;
  private final Reached reached;
  private State state = State.OPENING;
  private Stream stream;
  private boolean closing;

  private enum State {
    OPENING,
    READING,
    HALTED
  }

  Lane(
      RangeConsumer owner,
      Consumer<Object, Object> client,
      TopicFacts facts,
      TopicPartition partition) {
    this.owner = owner;
    this.partition = partition;
    this.starting = new Starting(owner, client, facts, partition);
    this.opening = new Opening(owner, facts, partition, starting);
    this.sending = new Sending(owner);
    this.reading = new Reading(owner, client, partition, sending);
    this.reached = new Reached(client, partition);
  }

  /** Opens anew: the ledger may know more by now. */
  void reopen() {
    opening.now();
    toBeOpened();
  }

  /** Does something, if this is the source, before it is opened anew. */
  void undisturbed(String sourceId, java.util.function.Consumer<RecordSource> work) {
    if (opening.order(sourceId, work)) {
      reopen();
    }
  }

  private void reopenLater() {
    opening.later();
    toBeOpened();
  }

  private void toBeOpened() {
    endIn(State.OPENING);
  }

  private void halt() {
    endIn(State.HALTED);
  }

  /** What is on its way comes back first. */
  private void endIn(State then) {
    state = then;
    reading.forget();
    closing = stream != null;
  }

  void step(boolean pausing) {
    for (var back = sending.next(); back.isPresent(); back = sending.next()) {
      cameBack(back.get());
    }
    if (closing && stream.close(Duration.ZERO)) {
      stream = null;
      closing = false;
    }
    if (closing || pausing) {
      return;
    }
    if (state != State.OPENING && opening.lostClaim()) {
      reopenLater();
      return;
    }
    try {
      switch (state) {
        case OPENING -> openWhenTime();
        case READING -> reading.step();
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
    if (!opening.isTime()) {
      return;
    }
    Optional<Stream> opened = opening.open();
    if (opened.isEmpty()) {
      reopenLater();
      return;
    }
    stream = opened.get();
    reached.begin(starting.begin(stream));
    reading.begin(stream, opening.source());
    state = State.READING;
  }

  private void cameBack(Sending.Done each) {
    if (each.range().isSettled()) {
      opening.wentWell();
    }
    if (each.range().isSettled() || each.of() != stream || closing) {
      return;
    }
    if (each.thrown() instanceof HeldDeliveryException
        || each.thrown() instanceof RunFailedException) {
      halt(); // who threw it has held the flow, or noted it in the ledger
    } else if (each.thrown() instanceof DeliveryStoppedException) {
      reopenLater(); // another range closed the stream
    } else {
      LOG.warn(
          "flow {}: a step in front of waybill: failed for a range of {}, and is tried again: {}",
          owner.getRouteId(),
          partition,
          String.valueOf(each.thrown()));
      reopenLater();
    }
  }

  void add(List<ConsumerRecord<Object, Object>> records) {
    if (state == State.READING) {
      reading.add(records);
    }
  }

  boolean wants() {
    return !closing && state == State.READING && reading.wants();
  }

  /** Deleted from under us, or another topic of the same name. */
  void outOfRange() {
    LOG.warn("flow {}: {} has not what is to be read next", owner.getRouteId(), partition);
    if (state == State.READING && reading.rereads()) {
      try {
        var unused = stream.resend(reading.inDoubt(), null);
      } catch (RuntimeException e) {
        failed(e);
      }
      return;
    }
    opening.forgetSource();
    reached.forget();
    reopenLater();
  }

  boolean isBusy() {
    return !sending.isEmpty() || !reading.isEmpty() || closing;
  }

  boolean isDrained() {
    return state == State.HALTED
        || (state == State.READING && sending.isEmpty() && reading.isEmpty() && reached.isAtEnd());
  }

  private boolean isIdle() {
    return state == State.READING && sending.isEmpty() && reading.isEmpty() && stream.isSettled();
  }

  private boolean isReading() {
    return stream != null && state == State.READING;
  }

  /** The offset that may be committed, if it was not. */
  Optional<OffsetAndMetadata> toCommit() {
    return isReading() ? reached.toCommit(stream, isIdle()) : Optional.empty();
  }

  /**
   * How many records are not settled, if that is known: without asking the broker. Of a flow that
   * is held, what was known when it was.
   */
  OptionalLong lag() {
    return isReading() ? reached.lag(stream) : reached.lag();
  }

  void commitAgain() {
    reached.commitAgain();
  }

  /** Takes nothing more of a partition that is still this member's. */
  void close() {
    if (stream != null) {
      reached.leaveAt(stream, isIdle());
    }
    lose();
  }

  /** Takes nothing more of a partition that another member may have by now. */
  void lose() {
    reached.leave();
    reading.forget();
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
    sending.abandon();
  }

  /** Gives the partition away, when nothing is on its way; whether that is so. */
  boolean leave(Duration atMost) {
    reading.forget();
    if (stream != null && !stream.close(atMost)) {
      return false;
    }
    stream = null;
    state = State.HALTED;
    opening.release();
    return true;
  }
}
