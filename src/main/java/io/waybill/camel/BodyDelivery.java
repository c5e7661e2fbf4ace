package io.waybill.camel;

import io.waybill.batch.SourceFormatException;
import io.waybill.camel.BodySources.Offered;
import io.waybill.delivery.Delivery;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.RunResult;
import io.waybill.delivery.Step;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;

/**
 * Delivers each message as a source of its own: a file, an extract, or a body that the spool keeps
 * meanwhile. Thread-safe.
 *
 * @param extracts those of a flow with a key
 */
record BodyDelivery(
    String flow,
    WaybillEndpoint endpoint,
    WaybillServices services,
    Delivery delivery,
    BodySources bodies,
    Optional<KeyedExtracts> extracts,
    FlowSources sources,
    FlowAnswers answers) {
  private static final String UNCHANGED = "unchanged";

  /**
   * Delivers the body of a message, unless it is known.
   *
   * @throws HeldDeliveryException if it has to wait, and nobody else keeps it
   */
  void deliver(Exchange exchange) throws IOException {
    String name = exchange.getMessage().getHeader(Exchange.FILE_NAME, "", String.class);
    if (name.isEmpty()) {
      deliverOffered(exchange);
      return;
    }
    // what a crash left of it in the spool may be on its way
    ReentrantLock lock = services.locks().of(flow, name);
    lock.lock();
    try {
      deliverOffered(exchange);
    } finally {
      lock.unlock();
    }
  }

  private void deliverOffered(Exchange exchange) throws IOException {
    Optional<RunResult> known =
        BodySources.looks(exchange)
            .flatMap(each -> delivery.known(each.id(), each.location(), each.stamp()));
    if (known.isPresent()) {
      Instant now = services.clock().instant();
      answers.answer(exchange.getMessage(), known.get().run(), 0, UNCHANGED, now);
      return;
    }
    if (!sources.isOneAtATime()) {
      deliverOffered(exchange, bodies.of(exchange));
      return;
    }
    sources.single().lock();
    try {
      if (endpoint.isReloading()) {
        Offered offered = bodies.of(exchange);
        sources.supersede(offered.source().id());
        deliverOffered(exchange, offered);
        return;
      }
      Optional<Offered> extract = extracts.get().spool(exchange);
      if (extract.isPresent()) {
        deliverOffered(exchange, extract.get());
      } else {
        answers.answer(exchange.getMessage(), "", 0, UNCHANGED, services.clock().instant());
      }
    } finally {
      sources.single().unlock();
    }
  }

  private void deliverOffered(Exchange exchange, Offered offered) throws IOException {
    Instant began = services.clock().instant();
    if (offered.format().isEmpty() && WaitingSender.isOf(exchange)) {
      services.spool().done(flow, offered.source());
      throw new SourceFormatException("this is no JSON, and the flow names no other format");
    }
    try {
      RunResult result = sources.deliver(offered);
      if (offered.spooled()) {
        services.spool().done(flow, offered.source());
      }
      String outcome = result.unchanged() ? UNCHANGED : result.state().label();
      answers.answer(exchange.getMessage(), result.run(), result.rows(), outcome, began);
      FlowAnswers.tellRefused(
          exchange, result.rows() + result.deadRows(), result.deadRows(), result.run());
      services.faults().reached(Step.ACKNOWLEDGE);
    } catch (HeldDeliveryException | DeliveryStoppedException e) {
      if (!offered.anonymous()) {
        throw e;
      }
      // nobody will offer this body again, and it is safe in the spool: it is ours to deliver
      sources.hold(e);
      answers.answer(exchange.getMessage(), "", 0, "held", began);
    }
  }
}
