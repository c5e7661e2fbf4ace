package io.waybill.delivery;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory that batches of all flows may take together. Room for a whole batch is taken before it
 * is cut, what it did not need is given back, and the rest when it is settled. A flow that waits
 * for room only holds batches that are on their way, so that it is always given back. Fair;
 * thread-safe.
 */
public final class MemoryBudget {
  // with more, the old generation is so full that each collection has to be a full one
  private static final double PART_OF_HEAP = 0.55;
  private static final long UNIT = 1 << 10;
  private final Semaphore units;
  private final long bytes;
  private final ReentrantLock alone = new ReentrantLock();

  /** A budget of so many bytes. */
  public MemoryBudget(long bytes) {
    this.bytes = bytes;
    this.units = new Semaphore(units(bytes), true);
  }

  /** What this JVM can give to batches; the rest of its heap is for what moves them. */
  public static MemoryBudget ofHeap() {
    return new MemoryBudget((long) (Runtime.getRuntime().maxMemory() * PART_OF_HEAP));
  }

  /** Held by the one that needs memory beside the budget, for a second copy of a batch. */
  ReentrantLock alone() {
    return alone;
  }

  /** How many bytes there are for all flows together. */
  public long bytes() {
    return bytes;
  }

  /**
   * Waits until so much is free and takes it; more than the whole is the whole.
   *
   * @throws DeliveryStoppedException if Waybill is stopping
   */
  Room take(long wanted) {
    int count = units(Math.min(wanted, bytes));
    try {
      units.acquire(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeliveryStoppedException(e);
    }
    return new Room(units, count);
  }

  /** Takes so much if it is free now. */
  public Optional<Room> tryTake(long wanted) {
    int count = units(Math.min(wanted, bytes));
    return units.tryAcquire(count) ? Optional.of(new Room(units, count)) : Optional.empty();
  }

  private static int units(long bytes) {
    return Math.toIntExact(Math.max(1, (bytes + UNIT - 1) / UNIT));
  }

  /** Room that was taken. Used by one thread at a time. */
  public static final class Room {
    private final Semaphore units;
    private int count;

    private Room(Semaphore units, int count) {
      this.units = units;
      this.count = count;
    }

    /** Takes more, if it is free now, so that there is room for this size. */
    public boolean growTo(long size) {
      int more = units(size) - count;
      if (more > 0 && !units.tryAcquire(more)) {
        return false;
      }
      count += Math.max(0, more);
      return true;
    }

    /** Gives back what a batch of this size does not need. */
    public void shrinkTo(long size) {
      int spare = count - units(size);
      if (spare > 0) {
        count -= spare;
        units.release(spare);
      }
    }

    /** Gives all of it back; once more is no matter. */
    public void giveBack() {
      units.release(count);
      count = 0;
    }
  }
}
