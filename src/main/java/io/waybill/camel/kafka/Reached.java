package io.waybill.camel.kafka;

import io.waybill.delivery.Stream;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far a partition is read, settled and committed. Used by the thread that polls. */
final class Reached {
  private final Consumer<Object, Object> client;
  private final TopicPartition partition;
  private long committed = -1;
  private long settled = -1;
  private long endAtStart = -1;
  private boolean leaving;
  private long leftAt = -1;

  Reached(Consumer<Object, Object> client, TopicPartition partition) {
    this.client = client;
    this.partition = partition;
  }

  void begin(Starting.Begin begin) {
    endAtStart = endAtStart < 0 ? begin.end() : endAtStart;
    committed = begin.committed();
  }

  /** What was settled was of another topic of this name. */
  void forget() {
    settled = -1;
  }

  void commitAgain() {
    committed = -1;
  }

  /** Whether everything was read that was there when the partition was given to this member. */
  boolean isAtEnd() {
    return client.position(partition) >= endAtStart;
  }

  /** Everything before this offset is settled, or is no record: there are marks of transactions. */
  private long covered(Stream stream, boolean idle) {
    return idle ? client.position(partition) : stream.settled();
  }

  /**
   * The offset that may be committed, if it was not.
   *
   * @param idle whether everything that was read is settled
   */
  Optional<OffsetAndMetadata> toCommit(Stream stream, boolean idle) {
    long offset = leaving ? Math.max(leftAt, stream.settled()) : covered(stream, idle);
    if (offset <= committed) {
      return Optional.empty();
    }
    committed = offset;
    return Optional.of(new OffsetAndMetadata(offset, Starting.OURS));
  }

  /** How many records are not settled, if that is known: without asking the broker. */
  OptionalLong lag(Stream stream) {
    settled = Math.max(committed, stream.settled());
    return lag();
  }

  /** As it was known last. */
  OptionalLong lag() {
    OptionalLong ahead = client.currentLag(partition);
    if (ahead.isEmpty() || settled < 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Math.max(0, client.position(partition) + ahead.getAsLong() - settled));
  }

  /** Notes how far it is; nothing more of the partition is taken. */
  void leaveAt(Stream stream, boolean idle) {
    // later, what was read and forgotten will be behind the client's position, and not settled
    leftAt = covered(stream, idle);
  }

  void leave() {
    leaving = true;
  }
}
