package io.waybill.camel;

import io.waybill.batch.CutLimits;
import io.waybill.batch.RecordSource;
import io.waybill.batch.SegmentPool;
import io.waybill.delivery.Claims;
import io.waybill.delivery.Failure;
import io.waybill.delivery.MemoryBudget;
import io.waybill.delivery.Stream;
import java.time.Duration;
import java.util.function.Function;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

/** What a consumer that brings ranges needs of its flow. Thread-safe. */
public final class StreamTarget {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private final String flow;
  private final WaybillEndpoint endpoint;
  private final WaybillServices services;
  private final Function<RecordSource, Stream> streams;

  StreamTarget(
      String flow,
      WaybillEndpoint endpoint,
      WaybillServices services,
      Function<RecordSource, Stream> streams) {
    this.flow = flow;
    this.endpoint = endpoint;
    this.services = services;
    this.streams = streams;
  }

  /** Route id. */
  public String flow() {
    return flow;
  }

  /**
   * Opens a source that was claimed.
   *
   * @throws io.waybill.delivery.HeldDeliveryException if it has to wait
   * @throws io.waybill.delivery.RunFailedException if its last run failed
   */
  public Stream open(RecordSource source) {
    return streams.apply(source);
  }

  /** Keeps sources apart. */
  public Claims claims() {
    return services.claims();
  }

  /** What ranges of all flows may take together. */
  public MemoryBudget memory() {
    return services.memory();
  }

  /** Memory of batches. */
  public SegmentPool pool() {
    return services.pool();
  }

  /** Whether the flow has no step but the delivery, so that nothing could look at its messages. */
  public boolean isDeliveryOnly() {
    RouteDefinition route =
        ((ModelCamelContext) endpoint.getCamelContext()).getRouteDefinition(flow);
    return route != null && new FlowDefinition(route).isDeliveryOnly();
  }

  /** How large a range may grow. */
  public CutLimits limits() {
    return endpoint.spec(flow).limits();
  }

  /** How long a range may wait for more. */
  public Duration interval() {
    return endpoint.isCollecting(false) ? endpoint.batch().getBatchInterval() : INTERVAL;
  }

  /** How many ranges may be on their way at once. */
  public int inFlight() {
    return endpoint.spec(flow).inFlight();
  }

  /** What is put into rows of what their records say. */
  public String kafkaColumns() {
    return endpoint.rows().getKafkaColumns();
  }

  /** Holds the flow. */
  public void hold(Failure failure) {
    services.holds().hold(flow, failure);
  }

  /** Whether Waybill is about to stop. */
  public boolean isStopping() {
    return services.stopping().getAsBoolean();
  }
}
