package io.waybill.camel;

import io.waybill.batch.Format;
import io.waybill.batch.Places.Place;
import io.waybill.batch.Position;
import io.waybill.batch.RecordSource;
import io.waybill.camel.WaybillComponent.RunOfStream;
import io.waybill.delivery.Claims;
import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets a stream be delivered once more: by the consumer that has it or, while no process has it, by
 * a claim of its own.
 */
final class StreamsAgain {
  private static final long PATIENCE_SECONDS = 60;
  private final Claims claims;

  StreamsAgain(Claims claims) {
    this.claims = claims;
  }

  /**
   * Begins a new generation.
   *
   * @param consumer the flow's, if it runs
   * @return the position that it begins at
   */
  long begin(
      RunOfStream what,
      boolean abandon,
      WaybillProducer producer,
      Optional<StreamConsumer> consumer) {
    if (consumer.isPresent()) {
      return within(consumer.get(), what, abandon, producer);
    }
    Claims.Claim claim =
        claims.claim(what.flow(), what.sourceId()).orElseThrow(() -> elsewhere(what));
    try {
      return producer.again(new Named(what), what.id(), abandon);
    } finally {
      claim.close();
    }
  }

  private static long within(
      StreamConsumer consumer, RunOfStream what, boolean abandon, WaybillProducer producer) {
    CompletableFuture<Long> begun = new CompletableFuture<>();
    consumer.undisturbed(
        what.sourceId(),
        source -> {
          try {
            begun.complete(producer.again(source, what.id(), abandon));
          } catch (RuntimeException e) {
            begun.completeExceptionally(e);
          }
        });
    try {
      return begun.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw elsewhere(what);
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static HeldDeliveryException elsewhere(RunOfStream what) {
    return new HeldDeliveryException(
        new Failure(
            Verdict.HOLD,
            0,
            "STREAM_BUSY",
            "%s is with another process, or something of it is still on its way"
                .formatted(what.location()),
            "try again; if several processes share the ledger, let Waybill run in one of them only"));
  }

  /** A source that is only named. */
  private record Named(RunOfStream what) implements RecordSource {
    @Override
    public String id() {
      return what.sourceId();
    }

    @Override
    public String location() {
      return what.location();
    }

    @Override
    public List<Place> places(Format format, Position range, SortedSet<Long> records) {
      throw new IllegalStateException("nothing is read from here");
    }
  }
}
