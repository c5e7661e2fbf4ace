package io.waybill.camel.kafka;

import io.waybill.delivery.LedgerBatch;
import io.waybill.delivery.Stream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a partition whose stream is open: first what is in doubt, then what follows. Used by the
 * thread that polls.
 */
final class Reading {
  private final RangeConsumer owner;
  private final Consumer<Object, Object> client;
  private final TopicPartition partition;
  private final Sending sending;
  private final Intake intake;
  private final Deque<LedgerBatch> inDoubt = new ArrayDeque<>();
  private Stream stream;
  private PartitionSource source;
  private long from;

  Reading(
      RangeConsumer owner,
      Consumer<Object, Object> client,
      TopicPartition partition,
      Sending sending) {
    this.owner = owner;
    this.client = client;
    this.partition = partition;
    this.sending = sending;
    this.intake = new Intake(owner);
  }

  void begin(Stream opened, PartitionSource of) {
    stream = opened;
    source = of;
    inDoubt.addAll(stream.inDoubt());
    seekNext();
  }

  /** Forgets what was read and is not on its way. */
  void forget() {
    intake.forget(from);
    inDoubt.clear();
  }

  /** Sends what is to be sent by now. */
  void step() {
    if (rereads()) {
      reread();
    } else {
      flow();
    }
  }

  private void seekNext() {
    if (inDoubt.isEmpty()) {
      from = stream.next().orElseThrow();
      intake.begin(from, Long.MAX_VALUE);
    } else {
      from = inDoubt.peek().plan().position().from();
      intake.begin(from, inDoubt.peek().plan().position().to());
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
    send(intake.all(), to, batch);
    seekNext();
  }

  private void flow() {
    if (intake.isEmpty()) {
      stream.rest();
      return;
    }
    if (!intake.isDue() || !owner.slots().tryAcquire()) {
      return;
    }
    Intake.Taken taken = intake.next();
    send(taken, taken.part().to(), null);
    from = taken.part().to();
  }

  private void send(Intake.Taken taken, long end, LedgerBatch batch) {
    KafkaRange.Place place =
        new KafkaRange.Place(stream, source, owner.columns(), from, end, batch);
    sending.send(stream, taken.part().range(place), taken);
  }

  void add(List<ConsumerRecord<Object, Object>> records) {
    intake.add(records);
  }

  boolean wants() {
    return rereads()
        ? client.position(partition) < inDoubt.peek().plan().position().to()
        : intake.wantsMore();
  }

  /** Whether what is in doubt is read. */
  boolean rereads() {
    return !inDoubt.isEmpty();
  }

  /** What is in doubt and is read now. */
  LedgerBatch inDoubt() {
    return inDoubt.peek();
  }

  /** Whether there is nothing that is to be sent. */
  boolean isEmpty() {
    return intake.isEmpty() && !rereads();
  }
}
