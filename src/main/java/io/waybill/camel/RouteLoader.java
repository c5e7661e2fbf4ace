package io.waybill.camel;

import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.schedule.FlowGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.spi.NodeIdFactory;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.support.PluginHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one route file into a context, whole or not at all, and takes it out again. Its routes are
 * built and not started. Used by one thread at a time.
 */
final class RouteLoader {
  private static final Logger LOG = LoggerFactory.getLogger(RouteLoader.class);
  private final ModelCamelContext context;
  private final FlowGuard guard;
  private final RouteBeans beans;
  private final RouteTriggers triggers;
  private final Function<String, Optional<String>> owners;
  private final Map<String, Set<String>> loading = new HashMap<>();

  /**
   * A loader.
   *
   * @param owners tells the file of a route that is loaded
   */
  RouteLoader(
      CamelContext context,
      FlowGuard guard,
      RouteBeans beans,
      RouteTriggers triggers,
      Function<String, Optional<String>> owners) {
    this.context = (ModelCamelContext) context;
    this.guard = guard;
    this.beans = beans;
    this.triggers = triggers;
    this.owners = owners;
  }

  /** A file could not be loaded; its flows are those that it had declared by then. */
  static final class Refused extends Exception {
    private final transient List<LoadedFlow> flows;

    Refused(Throwable cause, List<LoadedFlow> flows) {
      super(cause);
      this.flows = List.copyOf(flows);
    }

    List<LoadedFlow> flows() {
      return flows;
    }
  }

  /** Loads one of {@code routes/waybill}. */
  LoadedFile loadShipped(RouteFile file) throws Refused {
    return load(file, true);
  }

  /** Loads one of a user. */
  LoadedFile load(RouteFile file) throws Refused {
    return load(file, false);
  }

  private LoadedFile load(RouteFile file, boolean shipped) throws Refused {
    Models before = Models.of(context);
    Map<String, Map<?, ?>> beansBefore = beans.seen();
    List<LoadedFlow> flows = new ArrayList<>();
    List<String> others = new ArrayList<>();
    loading.clear();
    try {
      for (RoutesBuilder builder : builders(file)) {
        add(
            builder,
            shipped ? configured -> {} : configured -> prepare(configured, file, flows, others));
      }
      Set<String> own = beans.claim(file.name(), beansBefore);
      Models added = before.addedTo(context);
      return new LoadedFile(
          file, added.routes(), added.configurations(), added.templates(), own, flows, others);
    } catch (Exception | LinkageError e) { // classes of a .java file may fail when they are linked
      remove(before.addedTo(context));
      beans.restore(beansBefore);
      throw new Refused(e, flows);
    }
  }

  /** Takes a file out whose routes are stopped; what its beans hold is closed. */
  void unload(LoadedFile file) {
    remove(new Models(file.routes(), file.configurations(), file.templates()));
    beans.release(file.beans());
  }

  private void remove(Models models) {
    for (RouteDefinition route : models.routes()) {
      try {
        context.removeRouteDefinition(route);
      } catch (Exception e) {
        LOG.warn("route {} cannot be unloaded: {}", route.getRouteId(), e.toString());
      }
    }
    for (RouteConfigurationDefinition configuration : models.configurations()) {
      try {
        context.removeRouteConfiguration(configuration);
      } catch (Exception e) {
        LOG.warn("a route configuration cannot be unloaded: {}", e.toString());
      }
    }
    for (RouteTemplateDefinition template : models.templates()) {
      try {
        context.removeRouteTemplateDefinition(template);
      } catch (Exception e) {
        LOG.warn("a route template cannot be unloaded: {}", e.toString());
      }
    }
  }

  private Collection<RoutesBuilder> builders(RouteFile file) throws Exception {
    if (file.isEmpty()) {
      throw new IllegalArgumentException("is empty; delete it if it is to have no routes");
    }
    RoutesLoader loader = PluginHelper.getRoutesLoader(context);
    Collection<RoutesBuilder> builders = loader.findRoutesBuilders(List.of(file.resource()));
    if (builders.isEmpty()) {
      throw new IllegalArgumentException(
          "declares no routes; a .java file here is a class that extends RouteBuilder");
    }
    return builders;
  }

  /** Hears of the routes of a builder before they are built. */
  private interface Configured {
    void prepare(RouteBuilder builder);
  }

  private void add(RoutesBuilder builder, Configured hears) throws Exception {
    if (builder instanceof RouteConfigurationsBuilder configurations) {
      context.addRoutesConfigurations(configurations);
    }
    if (builder instanceof RouteBuilder routes) {
      routes.addLifecycleInterceptor(
          new RouteBuilderLifecycleStrategy() {
            @Override
            public void afterConfigure(RouteBuilder configured) {
              hears.prepare(configured);
            }
          });
    }
    context.addRoutes(builder);
    context.addTemplatedRoutes(builder);
  }

  private void prepare(
      RouteBuilder configured, RouteFile file, List<LoadedFlow> flows, List<String> others) {
    for (RouteDefinition route : configured.getRouteCollection().getRoutes()) {
      FlowDefinition definition = new FlowDefinition(route);
      if (definition.isDynamic()) {
        throw new IllegalArgumentException(
            "toD: waybill: is not possible, a flow has one table; use to:");
      }
      refuseTaken(route.getRouteId());
      route.autoStartup(false);
      if (definition.targets().isEmpty()) {
        others.add(
            route.idOrCreate(
                context.getCamelContextExtension().getContextPlugin(NodeIdFactory.class)));
        continue;
      }
      definition
          .objection()
          .ifPresent(
              objection -> {
                throw new IllegalArgumentException(objection);
              });
      route.routePolicy(guard);
      waitIfWanted(route);
      refuseCycle(route);
      flows.add(new LoadedFlow(route.getRouteId(), file.name(), definition.targets().get(0)));
    }
  }

  private void refuseCycle(RouteDefinition route) {
    Set<String> waitsFor = WaitingEndpoint.upstreams(route.getInput().getEndpointUri());
    if (waitsFor.isEmpty()) {
      return;
    }
    Map<String, Set<String>> all = new HashMap<>(upstreams());
    all.put(route.getRouteId(), waitsFor);
    new FlowGraph(all)
        .cycle(route.getRouteId())
        .ifPresent(
            way -> {
              throw new IllegalArgumentException(
                  "flows would wait for each other in a circle: " + String.join(" -> ", way));
            });
    loading.put(route.getRouteId(), waitsFor);
  }

  /** What the flows of the context wait for; those of the file that is being loaded too. */
  private Map<String, Set<String>> upstreams() {
    Map<String, Set<String>> upstreams = new HashMap<>(loading);
    for (RouteDefinition each : context.getRouteDefinitions()) {
      upstreams.put(each.getRouteId(), WaitingEndpoint.upstreams(each.getInput().getEndpointUri()));
    }
    return upstreams;
  }

  /** A timer would fire beside the flow's schedule. */
  private void waitIfWanted(RouteDefinition route) {
    String id = route.getRouteId();
    String from = route.getInput().getEndpointUri();
    if (from != null && triggers.isReplaced(id, from)) {
      route.getInput().setUri(WaitingComponent.SCHEDULE + ":" + id);
    }
  }

  /** Camel would silently replace the route that has it. */
  private void refuseTaken(String id) {
    if (id != null && context.getRouteDefinition(id) != null) {
      throw new IllegalArgumentException(
          "the route id %s is that of %s; give it another one"
              .formatted(id, owners.apply(id).orElse("routes/waybill")));
    }
  }

  /** What a file can add to the model of a context. */
  private record Models(
      List<RouteDefinition> routes,
      List<RouteConfigurationDefinition> configurations,
      List<RouteTemplateDefinition> templates) {

    static Models of(ModelCamelContext context) {
      return new Models(
          List.copyOf(context.getRouteDefinitions()),
          List.copyOf(context.getRouteConfigurationDefinitions()),
          List.copyOf(context.getRouteTemplateDefinitions()));
    }

    Models addedTo(ModelCamelContext context) {
      Models now = of(context);
      return new Models(
          without(now.routes, routes),
          without(now.configurations, configurations),
          without(now.templates, templates));
    }

    private static <T> List<T> without(List<T> all, List<T> before) {
      Set<T> known = new HashSet<>(before);
      return all.stream().filter(each -> !known.contains(each)).toList();
    }
  }
}
