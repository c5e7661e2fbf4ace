package io.waybill.camel;

import io.waybill.delivery.Failure;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.secret.CredentialsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteBuilderLifecycleStrategy;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.ObjectHelper;

/**
 * Loads route files, each alone, so that a broken one is named and the others run. (With Camel
 * Main's include pattern one bad component stops the process, and one broken {@code .java} all of
 * them.) Loaded routes are built but not started. Used by one thread.
 */
public final class RouteFiles {
  private static final List<String> SHIPPED = List.of("errors", "deliver", "dead-letter", "audit");
  private static final String SHIPPED_FOLDER = "waybill";
  private final CamelContext context;
  private final Path home;
  private final FlowGuard guard;
  private final List<RouteProblem> problems = new CopyOnWriteArrayList<>();
  private final List<LoadedFlow> flows = new CopyOnWriteArrayList<>();
  private final List<String> otherRoutes = new ArrayList<>();
  private final List<WaitingFile> waiting = new CopyOnWriteArrayList<>();

  /**
   * A flow that was loaded.
   *
   * @param name route id
   * @param file the file as a person calls it
   * @param target URI of its waybill: endpoint
   */
  public record LoadedFlow(String name, String file, String target) {

    /** The table that the target names, unless a placeholder does. */
    public Optional<TableName> table() {
      String path = target.replaceFirst("^waybill:(//)?", "").replaceFirst("\\?(?s).*", "");
      return path.contains("{{") ? Optional.empty() : Optional.of(TableName.parse(path));
    }
  }

  /**
   * A file that cannot be loaded before its secrets are there.
   *
   * @param path the file
   * @param location as Camel loads it
   * @param flows flows that it declares
   * @param failure which secret, and why not
   */
  public record WaitingFile(Path path, String location, List<LoadedFlow> flows, Failure failure) {

    List<String> names() {
      return flows.stream().map(LoadedFlow::name).toList();
    }
  }

  public RouteFiles(CamelContext context, Path home, FlowGuard guard) {
    this.context = context;
    this.home = home;
    this.guard = guard;
  }

  /**
   * Loads {@code routes/waybill} of the home, or what the program ships for a file that is not
   * there.
   */
  public void loadShipped() {
    for (String name : SHIPPED) {
      Path own = home.resolve("routes").resolve(SHIPPED_FOLDER).resolve(name + ".camel.yaml");
      String location =
          Files.exists(own) ? "file:" + own : "classpath:io/waybill/routes/" + name + ".camel.yaml";
      load(own, location, true);
    }
  }

  /**
   * Loads {@code routes/*.camel.yaml} and {@code routes/*.java} of the home.
   *
   * @throws IOException if the folder cannot be read
   */
  public void loadUser() throws IOException {
    Path folder = home.resolve("routes");
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(RouteFiles::isRouteFile).sorted().toList();
    }
    for (Path file : files) {
      load(file, "file:" + file, false);
    }
  }

  /** What is wrong with files that were not loaded. */
  public List<RouteProblem> problems() {
    return List.copyOf(problems);
  }

  /** The flows that were loaded, in the order of their files. */
  public List<LoadedFlow> flows() {
    return List.copyOf(flows);
  }

  /** Ids of the routes in users' files that are no flows. */
  public List<String> otherRoutes() {
    return List.copyOf(otherRoutes);
  }

  private static boolean isRouteFile(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file) && (name.endsWith(".camel.yaml") || name.endsWith(".java"));
  }

  private void load(Path file, String location, boolean shipped) {
    String name = file.startsWith(home) ? home.relativize(file).toString() : file.toString();
    Set<RouteDefinition> before = new HashSet<>(model().getRouteDefinitions());
    try {
      for (RoutesBuilder builder : builders(location)) {
        add(builder, name, shipped);
      }
    } catch (Exception e) {
      List<LoadedFlow> found = flows.stream().filter(flow -> flow.file().equals(name)).toList();
      removeAllBut(before, name);
      CredentialsException missing = ObjectHelper.getException(CredentialsException.class, e);
      if (missing == null || found.isEmpty()) {
        problems.add(new RouteProblems(context, name, file).of(e));
      } else {
        waiting.add(new WaitingFile(file, location, found, failure(missing)));
      }
    }
  }

  private static Failure failure(CredentialsException missing) {
    return new Failure(Verdict.HOLD, 0, "SECRET_MISSING", missing.getMessage(), missing.remedy());
  }

  /** Files whose secrets cannot be had now. */
  public List<WaitingFile> waiting() {
    return List.copyOf(waiting);
  }

  /**
   * Loads the file of a flow that waits once more.
   *
   * @return why it still waits; empty if it was loaded, or never waited
   */
  public synchronized Optional<Failure> retry(String flow) {
    Optional<WaitingFile> file =
        waiting.stream().filter(each -> each.names().contains(flow)).findFirst();
    if (file.isEmpty()) {
      return Optional.empty();
    }
    waiting.remove(file.get());
    int before = problems.size();
    load(file.get().path(), file.get().location(), false);
    if (problems.size() > before) {
      RouteProblem problem = problems.remove(before);
      waiting.add(file.get());
      return Optional.of(
          new Failure(Verdict.HOLD, 0, "ROUTE_NOT_STARTED", problem.toString(), "mend the file"));
    }
    return waiting.stream()
        .filter(each -> each.names().contains(flow))
        .map(WaitingFile::failure)
        .findFirst();
  }

  private Collection<RoutesBuilder> builders(String location) throws Exception {
    Resource resource = ResourceHelper.resolveMandatoryResource(context, location);
    RoutesLoader loader = PluginHelper.getRoutesLoader(context);
    Collection<RoutesBuilder> builders = loader.findRoutesBuilders(List.of(resource));
    if (builders.isEmpty()) {
      throw new IllegalArgumentException(
          "declares no routes; a .java file here is a class that extends RouteBuilder");
    }
    return builders;
  }

  private void add(RoutesBuilder builder, String file, boolean shipped) throws Exception {
    if (builder instanceof RouteConfigurationsBuilder configurations) {
      context.addRoutesConfigurations(configurations);
    }
    if (!shipped && builder instanceof RouteBuilder routes) {
      routes.addLifecycleInterceptor(
          new RouteBuilderLifecycleStrategy() {
            @Override
            public void afterConfigure(RouteBuilder configured) {
              prepare(configured, file);
            }
          });
    }
    context.addRoutes(builder);
    context.addTemplatedRoutes(builder);
  }

  private void prepare(RouteBuilder configured, String file) {
    List<LoadedFlow> found = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (RouteDefinition route : configured.getRouteCollection().getRoutes()) {
      FlowDefinition definition = new FlowDefinition(route);
      if (definition.isDynamic()) {
        throw new IllegalArgumentException(
            "toD: waybill: is not possible, a flow has one table; use to:");
      }
      route.autoStartup(false);
      if (definition.targets().isEmpty()) {
        others.add(
            route.idOrCreate(
                context
                    .getCamelContextExtension()
                    .getContextPlugin(org.apache.camel.spi.NodeIdFactory.class)));
        continue;
      }
      definition
          .objection()
          .ifPresent(
              objection -> {
                throw new IllegalArgumentException(objection);
              });
      route.routePolicy(guard);
      found.add(new LoadedFlow(route.getRouteId(), file, definition.targets().get(0)));
    }
    flows.addAll(found);
    otherRoutes.addAll(others);
  }

  private void removeAllBut(Set<RouteDefinition> before, String file) {
    for (RouteDefinition route : List.copyOf(model().getRouteDefinitions())) {
      if (before.contains(route)) {
        continue;
      }
      flows.removeIf(flow -> flow.name().equals(route.getRouteId()));
      otherRoutes.remove(route.getRouteId());
      try {
        model().removeRouteDefinition(route);
      } catch (Exception e) {
        problems.add(new RouteProblem(file, 0, 0, "cannot be unloaded: " + e.getMessage()));
      }
    }
  }

  private ModelCamelContext model() {
    return (ModelCamelContext) context;
  }
}
