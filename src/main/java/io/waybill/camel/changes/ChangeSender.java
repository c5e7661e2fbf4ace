package io.waybill.camel.changes;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.waybill.camel.WaybillHeaders;
import io.waybill.delivery.DeliveryException;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what one run of an engine hands out into a route, many changes at a time, and tells the
 * engine how far it may note that it has come: to the end of a transaction or a snapshot of which
 * all is delivered. Used by the engine's one thread.
 */
final class ChangeSender {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeSender.class);
  private final ChangesConsumer consumer;
  private final Function<SourceRecord, Exchange> exchanges;
  private boolean within;

  ChangeSender(ChangesConsumer consumer, Function<SourceRecord, Exchange> exchanges) {
    this.consumer = consumer;
    this.exchanges = exchanges;
  }

  /** Returns when all of it is delivered, or without noting anything if the flow is stopped. */
  void take(
      List<ChangeEvent<SourceRecord, SourceRecord>> changes,
      RecordCommitter<ChangeEvent<SourceRecord, SourceRecord>> committer)
      throws InterruptedException {
    List<SourceRecord> left =
        changes.stream()
            .map(ChangeEvent::value)
            .filter(each -> new ChangeRecord(each).isChange())
            .toList();
    while (!left.isEmpty() && !consumer.isStoppingNow()) {
      consumer.waitWhileSuspended();
      left = send(left);
    }
    if (!left.isEmpty() || consumer.isStoppingNow()) {
      return;
    }
    for (ChangeEvent<SourceRecord, SourceRecord> each : changes) {
      if (isEnd(new ChangeRecord(each.value()))) {
        committer.markProcessed(each);
      }
    }
    committer.markBatchFinished();
  }

  private boolean isEnd(ChangeRecord change) {
    if (change.beginsTransaction()) {
      within = true;
    } else if (change.endsTransaction()) {
      within = false;
      return true;
    }
    return change.endsSnapshot() || (change.isHeartbeat() && !within);
  }

  /** Returns those that were not delivered; what comes after one of them is not even sent. */
  private List<SourceRecord> send(List<SourceRecord> changes) {
    AtomicBoolean failed = new AtomicBoolean();
    List<CompletableFuture<Exception>> sent = new ArrayList<>();
    for (SourceRecord each : changes) {
      if (failed.get() || consumer.isStoppingNow()) {
        break;
      }
      sent.add(send(each, failed));
    }
    List<SourceRecord> left = new ArrayList<>();
    Exception first = null;
    for (int i = 0; i < changes.size(); i++) {
      Exception problem = i < sent.size() ? sent.get(i).join() : null;
      if (i >= sent.size() || problem != null) {
        left.add(changes.get(i));
        first = first == null ? problem : first;
      }
    }
    if (first != null && !consumer.isStoppingNow()) {
      report(first);
    }
    return left;
  }

  private CompletableFuture<Exception> send(SourceRecord change, AtomicBoolean failed) {
    CompletableFuture<Exception> done = new CompletableFuture<>();
    Exchange exchange = exchanges.apply(change);
    exchange.getExchangeExtension().setFromRouteId(consumer.getRoute().getRouteId());
    exchange.getMessage().setHeader(WaybillHeaders.MESSAGE_ID, new ChangeRecord(change).id());
    consumer
        .getAsyncProcessor()
        .process(
            exchange,
            doneSync -> {
              if (exchange.getException() != null) {
                failed.set(true);
              }
              done.complete(exchange.getException());
            });
    return done;
  }

  /** What Waybill's own exceptions hold the flow for is noted; anything else holds it as well. */
  private void report(Exception problem) {
    if (problem instanceof DeliveryException || problem instanceof DeliveryStoppedException) {
      LOG.debug("changes wait: {}", problem.getMessage());
      return;
    }
    LOG.debug("a change cannot be delivered", problem);
    consumer.hold(
        new Failure(
            Verdict.HOLD,
            0,
            "CHANGE_FAILED",
            "a change cannot be delivered: " + problem.getClass().getName(),
            "the log tells more at level DEBUG; mend the route, and the flow goes on with it"));
  }
}
