package io.waybill.camel.kafka;

import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.Stream;
import io.waybill.delivery.Verdict;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides where a partition is read from, by the ledger first and the group's offset second. */
final class Starting {
  /** What stands beside offsets that Waybill commits, to tell them from those of a person. */
  static final String OURS = "waybill";

  private static final Logger LOG = LoggerFactory.getLogger(Starting.class);
  private static final int LOOKS = 3;
  private final RangeConsumer owner;
  private final Consumer<Object, Object> client;
  private final TopicFacts facts;
  private final TopicPartition partition;
  private int foreignSeen;

  Starting(
      RangeConsumer owner,
      Consumer<Object, Object> client,
      TopicFacts facts,
      TopicPartition partition) {
    this.owner = owner;
    this.client = client;
    this.facts = facts;
    this.partition = partition;
  }

  /**
   * Where it begins.
   *
   * @param committed the group's offset; -1 if there is none
   * @param end behind the last record that was there
   */
  record Begin(long committed, long end) {}

  /**
   * Lets the stream go on where it is to.
   *
   * @throws HeldDeliveryException if records are gone that were not delivered
   */
  Begin begin(Stream stream) {
    Set<TopicPartition> one = Set.of(partition);
    OffsetAndMetadata committed = client.committed(one).get(partition);
    long start = client.beginningOffsets(List.of(partition)).get(partition);
    long end = client.endOffsets(List.of(partition)).get(partition);
    long next = next(stream, committed, start, end);
    if (next < start) {
      throw expired(next, start);
    }
    if (next > end) {
      throw truncated(next, end);
    }
    stream.goOnAt(next);
    if (committed != null && next < committed.offset()) {
      // what the group has reached is of an earlier generation
      client.commitSync(Map.of(partition, new OffsetAndMetadata(next, OURS)));
      return new Begin(next, end);
    }
    return new Begin(committed == null ? -1 : committed.offset(), end);
  }

  private long next(Stream stream, OffsetAndMetadata committed, long start, long end) {
    OptionalLong known = stream.next();
    if (known.isEmpty()) {
      return first(committed, start, end);
    }
    // where a generation begins is behind what the group reached with the one before
    boolean anew = stream.isFresh() && (committed == null || OURS.equals(committed.metadata()));
    return anew ? known.getAsLong() : behindLedger(known.getAsLong(), committed);
  }

  private long behindLedger(long ledger, OffsetAndMetadata committed) {
    if (committed == null || committed.offset() == ledger) {
      return ledger;
    }
    boolean ours = OURS.equals(committed.metadata());
    if (committed.offset() < ledger) {
      if (!ours) {
        LOG.warn(
            "flow {}: the group's offset of {} was set back to {}; {} offsets up to {} are delivered already and are not delivered again; to deliver from a run on once more: ./waybill rerun RUN --again",
            owner.getRouteId(),
            partition,
            committed.offset(),
            ledger - committed.offset(),
            ledger);
      }
      return ledger;
    }
    if (!ours) {
      LOG.warn(
          "flow {}: the group's offset of {} was set forward; offsets {} to {} are left out",
          owner.getRouteId(),
          partition,
          ledger,
          committed.offset());
    }
    return committed.offset();
  }

  private long first(OffsetAndMetadata committed, long start, long end) {
    if (committed != null) {
      return committed.offset();
    }
    KafkaOptions options = owner.kafka().options();
    if (!options.mayBegin()) {
      throw held(
          "NO_OFFSET",
          "neither the ledger nor the group has an offset of %s, and autoOffsetReset=none"
              .formatted(partition),
          "set autoOffsetReset=earliest or latest");
    }
    return options.fromBeginning() ? start : end;
  }

  private HeldDeliveryException expired(long next, long start) {
    return held(
        "RECORDS_EXPIRED",
        "%s begins at offset %d now; offsets %d to %d were deleted before they were delivered"
            .formatted(partition, start, next, start),
        "to go on without them stop Waybill and run kafka-consumer-groups --reset-offsets --group %s --topic %s:%d --to-earliest --execute"
            .formatted(
                owner.kafka().getConfiguration().getGroupId(),
                partition.topic(),
                partition.partition()));
  }

  private HeldDeliveryException truncated(long next, long end) {
    return held(
        "OFFSETS_GONE",
        "%s ends at offset %d, and was delivered up to %d: it lost records"
            .formatted(partition, end, next),
        "what comes there now has offsets that count as delivered; see docs/operations.md#kafka");
  }

  /** Other processes have ledgers of their own, unless they share this one. */
  void refuseForeignMembers() {
    if (owner.target().claims().shared()) {
      return;
    }
    Set<String> hosts = facts.foreignMembers(owner.kafka().component().members());
    foreignSeen = hosts.isEmpty() ? 0 : foreignSeen + 1;
    if (hosts.isEmpty()) {
      return;
    }
    String group = owner.kafka().getConfiguration().getGroupId();
    if (foreignSeen < LOOKS) {
      // one of ours may only just have come
      throw new org.apache.kafka.common.errors.RetriableException(
          "the group %s has members that are not of this process".formatted(group)) {
        private static final long serialVersionUID = 1L;
      };
    }
    throw held(
        "SHARED_GROUP",
        "the group %s has members in other processes, at %s, and the ledger is not shared"
            .formatted(group, String.join(", ", hosts)),
        "stop them, or give all of them one ledger: waybill.ledger.url=jdbc:postgresql:...");
  }

  private static HeldDeliveryException held(String name, String reason, String remedy) {
    return new HeldDeliveryException(new Failure(Verdict.HOLD, 0, name, reason, remedy));
  }
}
