package io.waybill.camel.kafka;

import io.waybill.camel.FlowDefinition;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

/** Camel's endpoint, but for consumers of flows. */
public final class FlowKafkaEndpoint extends KafkaEndpoint {
  private Set<String> given = Set.of();

  FlowKafkaEndpoint(String uri, FlowKafkaComponent component) {
    super(uri, component);
  }

  /** Notes which options the URI gives. */
  void given(Set<String> options) {
    given = Set.copyOf(options);
  }

  FlowKafkaComponent component() {
    return (FlowKafkaComponent) getComponent();
  }

  /** What of its options a flow cannot keep its promise with, and what to write instead. */
  public Optional<String> objection() {
    return new KafkaOptions(getConfiguration(), given).objection();
  }

  KafkaOptions options() {
    return new KafkaOptions(getConfiguration(), given);
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    if (!isOfFlow()) {
      return super.createConsumer(processor);
    }
    objection()
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    return new RangeConsumer(this, processor);
  }

  private boolean isOfFlow() {
    return ((ModelCamelContext) getCamelContext())
        .getRouteDefinitions().stream()
            .anyMatch(route -> isFrom(route) && !new FlowDefinition(route).targets().isEmpty());
  }

  private boolean isFrom(RouteDefinition route) {
    String uri = getCamelContext().resolvePropertyPlaceholders(route.getInput().getEndpointUri());
    return uri.startsWith("kafka:") && getCamelContext().hasEndpoint(uri) == this;
  }
}
