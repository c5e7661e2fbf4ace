package io.waybill.camel;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.errorhandler.DeadLetterChannelDefinition;

/**
 * What a route's definition says of it as a flow: that it is one, and whether its own error
 * handling would acknowledge a source whose records have not arrived.
 */
public final class FlowDefinition {
  private static final String SCHEME = "waybill:";
  private final RouteDefinition route;

  public FlowDefinition(RouteDefinition route) {
    this.route = route;
  }

  /** URIs of the waybill: endpoints that the route sends to; a route that has none is no flow. */
  public List<String> targets() {
    return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), SendDefinition.class)
        .stream()
        .map(send -> ((SendDefinition<?>) send).getEndpointUri())
        .filter(FlowDefinition::isWaybill)
        .toList();
  }

  /** What makes it no good flow, with what to write instead. */
  Optional<String> objection() {
    if (!route.hasCustomIdAssigned() || route.getRouteId() == null) {
      return Optional.of("a flow needs an explicit id: its ledger and tokens hang on it; add id:");
    }
    if (targets().size() > 1) {
      return Optional.of(
          "a flow has one waybill: endpoint; make a route of its own for each table");
    }
    if (swallowedByTry()) {
      return Optional.of(
          "doTry/doCatch around waybill: would acknowledge a source whose records have not arrived;"
              + " take waybill: out of the doTry");
    }
    if (route.getErrorHandlerFactory() instanceof DeadLetterChannelDefinition) {
      return Optional.of(
          "a dead letter channel would acknowledge a source whose records have not arrived; leave it"
              + " out: Waybill keeps refused records itself and calls direct:waybill-dead-letter");
    }
    return swallowingOnException();
  }

  private Optional<String> swallowingOnException() {
    List<OnExceptionDefinition> handlers =
        route.getOutputs().stream()
            .filter(OnExceptionDefinition.class::isInstance)
            .map(OnExceptionDefinition.class::cast)
            .toList();
    for (OnExceptionDefinition handler : handlers) {
      boolean swallows =
          isTrue(handler.getHandled())
              || isTrue(handler.getContinued())
              || handler.getHandledPolicy() != null
              || handler.getContinuedPolicy() != null;
      if (swallows && handler.getExceptions().stream().anyMatch(FlowDefinition::coversDelivery)) {
        return Optional.of(
            "onException "
                + handler.getExceptions()
                + " with handled or continued would acknowledge a source whose records have not"
                + " arrived; name narrower exceptions or leave handled out");
      }
    }
    return Optional.empty();
  }

  private static boolean isTrue(Object expression) {
    return expression != null && !"false".equals(expression.toString());
  }

  private static boolean coversDelivery(String exception) {
    return List.of("Throwable", "Exception", "RuntimeException").stream()
            .anyMatch(name -> exception.equals(name) || exception.equals("java.lang." + name))
        || exception.startsWith("io.waybill.");
  }

  private boolean swallowedByTry() {
    return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), TryDefinition.class)
        .stream()
        .filter(FlowDefinition::catchesDelivery)
        .flatMap(
            guarded ->
                ProcessorDefinitionHelper.filterTypeInOutputs(
                    guarded.getOutputs(), SendDefinition.class)
                    .stream())
        .anyMatch(send -> isWaybill(send.getEndpointUri()));
  }

  private static boolean catchesDelivery(TryDefinition guarded) {
    // the YAML DSL keeps the clauses beside the outputs, the Java DSL among them
    Stream<CatchDefinition> among =
        guarded.getOutputs().stream()
            .filter(CatchDefinition.class::isInstance)
            .map(CatchDefinition.class::cast);
    List<CatchDefinition> beside = guarded.getCatchClauses();
    return Stream.concat(among, beside == null ? Stream.empty() : beside.stream())
        .anyMatch(
            caught ->
                caught.getExceptions().isEmpty()
                    || caught.getExceptions().stream().anyMatch(FlowDefinition::coversDelivery));
  }

  /** Whether a step sends to waybill:. */
  public static boolean isTarget(ProcessorDefinition<?> step) {
    return step instanceof SendDefinition<?> send && isWaybill(send.getEndpointUri());
  }

  private static boolean isWaybill(String uri) {
    return uri != null && uri.startsWith(SCHEME);
  }

  /** Whether records are sent to a table that is only known when they are sent. */
  boolean isDynamic() {
    return ProcessorDefinitionHelper.filterTypeInOutputs(
            route.getOutputs(), ToDynamicDefinition.class)
        .stream()
        .anyMatch(send -> isWaybill(send.getUri()));
  }
}
