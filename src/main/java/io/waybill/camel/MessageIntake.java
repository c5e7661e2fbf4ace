package io.waybill.camel;

import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.RunState;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExecutorServiceManager;

/**
 * Takes the messages of one flow that are collected, and acknowledges each when it is durable or
 * has arrived. Begins with the first message, or with what was left. Thread-safe.
 */
final class MessageIntake {
  private static final int THREADS = 3;
  private final String flow;
  private final WaybillEndpoint endpoint;
  private final WaybillServices services;
  private final Runnable delivery;
  private ExecutorService threads;
  private ExecutorService acknowledging;
  private MessageStream stream;

  /**
   * For a flow.
   *
   * @param delivery delivers what waits in the spool
   */
  MessageIntake(
      String flow, WaybillEndpoint endpoint, WaybillServices services, Runnable delivery) {
    this.flow = flow;
    this.endpoint = endpoint;
    this.services = services;
    this.delivery = delivery;
  }

  /**
   * How a message fared.
   *
   * @param outcome spooled, duplicate or how its rows fared
   * @param run the run that it came with, when it is known
   * @param refused how many of its rows are dead letters, when that is known
   */
  record Outcome(String outcome, String run, long refused) {
    /** Of a message without a row. */
    static final Outcome NOTHING = new Outcome(RunState.COMPLETED.label(), "", 0);
  }

  /**
   * Takes a message.
   *
   * @param rows its records, each with its line end
   * @param done hears how it fared, or why it did not; on another thread
   */
  void take(Exchange exchange, byte[] rows, BiConsumer<Outcome, RuntimeException> done)
      throws IOException {
    var unused =
        open()
            .add(rows, MessageId.of(exchange.getMessage()))
            .thenCompose(this::outcome)
            .whenCompleteAsync(
                (outcome, failure) -> done.accept(outcome, unwrapped(failure)), acknowledging);
  }

  private CompletableFuture<Outcome> outcome(MessageStream.Stored stored) {
    String state = stored.duplicate() ? "duplicate" : "spooled";
    return endpoint.batch().isAcknowledgedCommitted()
        ? stored.delivered().thenApply(arrival -> outcome(stored, state, arrival))
        : CompletableFuture.completedFuture(new Outcome(state, "", 0));
  }

  private static Outcome outcome(MessageStream.Stored stored, String state, Arrival arrival) {
    if (arrival == null || arrival.result() == null) {
      return new Outcome(state, "", 0);
    }
    long refused = arrival.refused(stored.from(), stored.to());
    RunState fared = refused == 0 ? RunState.COMPLETED : RunState.COMPLETED_WITH_DEAD_LETTERS;
    return new Outcome(fared.label(), arrival.result().run(), refused);
  }

  private static RuntimeException unwrapped(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null || cause instanceof RuntimeException
        ? (RuntimeException) cause
        : new IllegalStateException(cause);
  }

  /** Looks for what was left, if that was not done yet. */
  synchronized MessageStream open() throws IOException {
    if (stream == null) {
      if (services.stopping().getAsBoolean()) {
        throw new DeliveryStoppedException(null);
      }
      ExecutorServiceManager executors = endpoint.getCamelContext().getExecutorServiceManager();
      threads = executors.newFixedThreadPool(this, "waybill-spool", THREADS);
      acknowledging =
          PushSources.wantsOrder(endpoint.getCamelContext().getRoute(flow))
              ? executors.newSingleThreadExecutor(this, "waybill-acknowledge")
              : executors.newCachedThreadPool(this, "waybill-acknowledge");
      Spool.Limits limits = services.spool().limits();
      stream =
          new MessageStream(
              new MessageSpool(
                  services.spool().folder(flow),
                  !BodySources.collectsText(endpoint.givenFormat()),
                  limits.remember(),
                  services.clock()),
              endpoint.batch().rolling(limits.bytes()),
              services.clock(),
              delivery,
              threads);
    }
    return stream;
  }

  /** Looks for what was left of messages, be it that none are collected any more. */
  void openIfLeft() throws IOException {
    if (MessageSpool.isIn(services.spool().folder(flow))) {
      var unused = open();
    }
  }

  private synchronized Optional<MessageStream> opened() {
    return Optional.ofNullable(stream);
  }

  /** Whether nothing is being collected or delivered, or all of it waits. */
  boolean isIdle() {
    return services.holds().of(flow).isPresent()
        || opened().map(MessageStream::isIdle).orElse(true);
  }

  /** Notes that what came from a source of the spool arrived. */
  void delivered(String source, Arrival arrival) {
    opened().ifPresent(each -> each.delivered(source, arrival));
  }

  /** Notes that a source of the spool cannot be delivered as it is. */
  void failed(String source, RuntimeException why) {
    opened().ifPresent(each -> each.failed(source, why));
  }

  /** Notes that nothing is delivered for the time being. */
  void held(HeldDeliveryException why) {
    opened().ifPresent(each -> each.failed(why));
  }

  /** Ends; what was collected is delivered by the next one. */
  synchronized void close() {
    if (stream != null) {
      stream.close();
      ExecutorServiceManager executors = endpoint.getCamelContext().getExecutorServiceManager();
      executors.shutdownGraceful(acknowledging);
      executors.shutdownNow(threads);
      stream = null;
    }
  }
}
