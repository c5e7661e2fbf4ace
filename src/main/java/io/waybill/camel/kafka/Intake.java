package io.waybill.camel.kafka;

import io.waybill.delivery.MemoryBudget;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What was read of a partition and not given on, with the room in memory that it takes. Used by the
 * thread that polls.
 */
final class Intake {
  private final RangeConsumer owner;
  private final Gathering gathering;
  private MemoryBudget.Room room;
  private boolean full;
  private long largestRead;
  private long oldest;

  Intake(RangeConsumer owner) {
    this.owner = owner;
    this.gathering = owner.gathering();
  }

  /** Takes records of these offsets from now on. */
  void begin(long from, long upTo) {
    gathering.begin(from, upTo);
  }

  /** Forgets what was read, and takes no more. */
  void forget(long from) {
    gathering.begin(from, from);
    full = false;
    if (room != null) {
      room.giveBack();
      room = null;
    }
  }

  void add(List<ConsumerRecord<Object, Object>> records) {
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

  boolean isEmpty() {
    return gathering.isEmpty();
  }

  boolean wantsMore() {
    return !full && !gathering.isWhole();
  }

  /** Whether a range is to be made of it now. */
  boolean isDue() {
    if (full) {
      takeRoom(); // what was on its way has given some back meanwhile
    }
    return gathering.isWhole()
        || (full && owner.isNothingOnItsWay())
        || System.nanoTime() - oldest >= owner.target().interval().toNanos();
  }

  /** Some of it, with its room. */
  Taken next() {
    Gathering.Part part = gathering.next();
    full = false;
    return new Taken(part, roomFor(part.memory()));
  }

  /** All of it, with all of the room. */
  Taken all() {
    MemoryBudget.Room taken = room;
    room = null;
    return new Taken(gathering.all(), taken);
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

  /**
   * What is given on.
   *
   * @param room null if there is none for it
   */
  record Taken(Gathering.Part part, MemoryBudget.Room room) {
    void giveBack() {
      if (room != null) {
        room.giveBack();
      }
    }
  }
}
