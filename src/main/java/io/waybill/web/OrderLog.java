package io.waybill.web;

import io.waybill.control.Answer;
import io.waybill.control.Caller;
import io.waybill.control.Order;
import io.waybill.control.Orders;
import io.waybill.policy.Identity;
import io.waybill.web.Problem.Kind;
import io.waybill.web.view.OrderView;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders of clients. Who ordered waits a moment for the answer and can ask for it later; an order
 * goes on when its client is gone. Thread-safe.
 */
final class OrderLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OrderLog.class);

  private static final int REMEMBERED = 1000;
  private static final long PATIENCE_SECONDS = 5;
  private static final String RUNNING = "running";
  private final Orders orders;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Entry> known = new ConcurrentSkipListMap<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread daemon = new Thread(work, "waybill-management-orders");
            daemon.setDaemon(true);
            return daemon;
          });

  OrderLog(Orders orders) {
    this.orders = orders;
  }

  private record Entry(Identity by, OrderView order) {}

  /** What an order comes to. */
  @FunctionalInterface
  interface Task {
    Answer doneBy(Identity by) throws IOException;
  }

  Answer carryOut(Order order, Identity by) {
    return orders.carryOut(order, by);
  }

  /**
   * Carries it out, after those before it.
   *
   * @return the order, which may be still on its way
   * @throws ProblemException if it was refused, or who ordered it may not
   */
  OrderView order(String what, Caller caller, Task task) {
    Identity by = caller.who();
    long number = numbers.incrementAndGet();
    known.put(number, new Entry(by, view(number, what, by, RUNNING, List.of())));
    known.remove(number - REMEMBERED);
    Future<?> done = thread.submit(() -> carryOut(number, what, by, task));
    try {
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return known.get(number).order();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return known.get(number).order();
    }
    OrderView answered = known.get(number).order();
    if (answered.state().equals(label(Answer.Outcome.REFUSED))) {
      throw new ProblemException(
          Kind.REFUSED, String.join("; ", answered.lines()), "look at its state, then order anew");
    }
    if (answered.state().equals(label(Answer.Outcome.DENIED))) {
      throw new ProblemException(
          Kind.FORBIDDEN, answered.lines().get(0), String.join("; ", rest(answered.lines())));
    }
    return answered;
  }

  private static List<String> rest(List<String> lines) {
    return lines.subList(1, lines.size());
  }

  private static OrderView view(
      long number, String what, Identity by, String state, List<String> lines) {
    return new OrderView(number, what, Caller.signature(by), state, lines);
  }

  private void carryOut(long number, String what, Identity by, Task task) {
    LOG.info("order {} of the management API by {}: {}", number, Caller.signature(by), what);
    OrderView answered;
    try {
      Answer answer = task.doneBy(by);
      answered = view(number, what, by, label(answer.outcome()), answer.lines());
    } catch (IOException | RuntimeException e) {
      LOG.error("order {} of the management API failed", number, e);
      answered =
          view(
              number,
              what,
              by,
              label(Answer.Outcome.HELD_OR_FAILED),
              List.of("it failed unforeseen; data/log/waybill.log has the trace"));
    }
    known.put(number, new Entry(by, answered));
  }

  private static String label(Answer.Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  /** An order, for who ordered it or sees all. */
  Optional<OrderView> of(String number, Caller caller, boolean all) {
    return number.matches("\\d{1,18}")
        ? Optional.ofNullable(known.get(Long.parseLong(number)))
            .filter(entry -> all || entry.by().equals(caller.who()))
            .map(Entry::order)
        : Optional.empty();
  }

  /** An order that is being carried out ends as a stop of Waybill ends it. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
