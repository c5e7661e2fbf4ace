package io.waybill.camel;

import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.util.URISupport;

/** A source that waits until its flow is started by a trigger. */
@UriEndpoint(
    firstVersion = "1.0.0",
    scheme = WaitingComponent.AFTER,
    title = "Waybill After",
    syntax = "waybill-after:name",
    consumerOnly = true)
public final class WaitingEndpoint extends DefaultEndpoint {
  @UriPath(description = "any name")
  private final String name;

  @UriParam(description = "the flows that are waited for, with commas")
  private String flows = "";

  @UriParam(
      defaultValue = "completed",
      description =
          "which end of a flow counts: completed (with dead letters or without), or any, also failed"
              + " or held")
  private String when = "completed";

  @UriParam(
      defaultValue = "all",
      description = "whether all of the flows have to come to an end anew, or any one of them")
  private String mode = "all";

  @UriParam(
      defaultValue = "0s",
      description = "how long ago an end may be to count; 0s for no bound")
  private Duration within = Duration.ZERO;

  WaitingEndpoint(String uri, WaitingComponent component, String name) {
    super(uri, component);
    this.name = name;
  }

  void requireFlows() {
    if (upstreams().isEmpty()) {
      throw new IllegalArgumentException(
          "waybill-after:%s waits for no flow; add ?flows=NAME,NAME".formatted(name));
    }
    oneOf("when", when, Set.of("completed", "any"));
    oneOf("mode", mode, Set.of("all", "any"));
  }

  private static void oneOf(String option, String value, Set<String> allowed) {
    if (!allowed.contains(value)) {
      throw new IllegalArgumentException(
          "%s=%s: must be one of %s"
              .formatted(option, value, String.join(", ", new TreeSet<>(allowed))));
    }
  }

  /** The flows that are waited for; empty for a schedule. */
  public Set<String> upstreams() {
    return names(flows);
  }

  private static Set<String> names(String flows) {
    Set<String> names = new TreeSet<>();
    Arrays.stream(flows.split(",", -1))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .forEach(names::add);
    return names;
  }

  /** The flows that a source of this URI waits for; empty if it is another one. */
  static Set<String> upstreams(String uri) {
    if (uri == null || !RouteTriggers.scheme(uri).equals(WaitingComponent.AFTER)) {
      return Set.of();
    }
    try {
      Object flows = URISupport.parseQuery(URISupport.extractQuery(uri)).get("flows");
      return flows == null ? Set.of() : names(flows.toString());
    } catch (URISyntaxException e) {
      return Set.of(); // making the endpoint tells what is wrong
    }
  }

  /** Whether any end counts; else only a complete one. */
  public boolean isAnyEnd() {
    return when.equals("any");
  }

  /** Whether all of the flows are waited for. */
  public boolean isAll() {
    return mode.equals("all");
  }

  public String getFlows() {
    return flows;
  }

  public void setFlows(String flows) {
    this.flows = flows;
  }

  public String getWhen() {
    return when;
  }

  public void setWhen(String when) {
    this.when = when;
  }

  public String getMode() {
    return mode;
  }

  public void setMode(String mode) {
    this.mode = mode;
  }

  public Duration getWithin() {
    return within;
  }

  public void setWithin(Duration within) {
    this.within = within;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    Consumer consumer = new DefaultConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException(
        "waybill-after: is a source; write it behind from: and not behind to:");
  }

  @Override
  public boolean isLenientProperties() {
    return false;
  }
}
