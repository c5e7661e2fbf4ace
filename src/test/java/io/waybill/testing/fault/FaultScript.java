package io.waybill.testing.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Which requests meet which faults: those that match get the list's faults in their order, and
 * after it {@link Fault#NONE}. Thread-safe.
 */
public final class FaultScript {
  private final Predicate<Request> matching;
  private final List<Fault> faults;
  private final Random random;
  private int next; // guarded by this

  private FaultScript(Predicate<Request> matching, List<Fault> faults, Random random) {
    this.matching = matching;
    this.faults = List.copyOf(faults);
    this.random = random;
  }

  /** These faults for the requests that match, the first match first. */
  public static FaultScript of(Predicate<Request> matching, List<Fault> faults) {
    return of(matching, faults, new Random(1));
  }

  /** As {@link #of(Predicate, List)}, cutting where this says. */
  public static FaultScript of(Predicate<Request> matching, List<Fault> faults, Random random) {
    return new FaultScript(matching, faults, random);
  }

  /**
   * A random mixture.
   *
   * @param count how many requests draw; about half of them draw {@link Fault#NONE}
   */
  public static FaultScript mixture(Predicate<Request> matching, int count, Random random) {
    Fault[] all = Fault.values();
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      faults.add(random.nextBoolean() ? Fault.NONE : all[random.nextInt(all.length)]);
    }
    return new FaultScript(matching, faults, random);
  }

  /** What this request meets. */
  synchronized Fault next(Request request) {
    if (next >= faults.size() || !matching.test(request)) {
      return Fault.NONE;
    }
    return faults.get(next++);
  }

  /** Somewhere in a body, in bytes. */
  synchronized int cut(int most) {
    return 1 + random.nextInt(most);
  }

  /** The faults, without the requests that meet none. */
  public List<Fault> faults() {
    return faults.stream().filter(fault -> fault != Fault.NONE).toList();
  }

  /** Whether every fault was handed out. */
  public synchronized boolean isUsedUp() {
    return next >= faults.size();
  }
}
