package io.waybill.app;

import io.waybill.camel.ClickHouseShapes;
import io.waybill.camel.FlowRights;
import io.waybill.camel.RouteFile;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.RouteFiles.WaitingFile;
import io.waybill.camel.RouteProblem;
import io.waybill.camel.WaybillComponent;
import io.waybill.camel.WaybillServices;
import io.waybill.delivery.Failure;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;

/**
 * Builds versions of route files in a context of their own, which is configured as that of the
 * process and thrown away: nothing in it is started, and the routes and beans that run are not
 * touched. Used by one thread.
 */
final class Candidates {
  private final Home home;
  private final WaybillConfig config;
  private final Access access;
  private final FlowRights rights;

  Candidates(Home home, WaybillConfig config, Access access, FlowRights rights) {
    this.home = home;
    this.config = config;
    this.access = access;
    this.rights = rights;
  }

  /**
   * How a version was found.
   *
   * @param routes ids of its routes
   * @param beans names of its beans
   * @param problem why it cannot be loaded
   * @param missing the secret that it waits for
   * @param held its flows that would be held, and why
   */
  record Candidate(
      RouteFile file,
      Set<String> routes,
      Set<String> beans,
      Optional<String> problem,
      Optional<Failure> missing,
      Map<String, Failure> held) {}

  /**
   * Builds versions.
   *
   * @param live what is loaded; versions may use the beans of its files
   * @param leaving files of it that will be gone or replaced
   * @param flows flows that are to run; empty for all
   * @return by name
   */
  Map<String, Candidate> build(
      Collection<RouteFile> files, RouteFiles live, Set<String> leaving, List<String> flows)
      throws Exception {
    try (CamelRuntime runtime =
        new CamelRuntime(home, config, access).withoutServers().named("waybill-candidate")) {
      CamelContext context = runtime.start();
      boolean provenance = config.clickHouse().provenance();
      WaybillComponent waybill =
          new WaybillComponent(
              WaybillServices.forLooking(
                  account -> new ClickHouseShapes(access.connections().of(account), provenance),
                  rights,
                  FlowSite.limits(config)));
      RouteFiles routes =
          RouteLoading.forLooking(context, home, config, access.connections(), waybill, rights);
      routes.borrow(live, leaving);
      FlowPreflight preflight =
          new FlowPreflight(
              context, new Preflights(access, config), provenance, flow -> Optional.empty());
      Map<String, Candidate> found = new LinkedHashMap<>();
      for (RouteFile file : files) {
        routes.load(file);
      }
      for (RouteFile file : files) {
        found.put(file.name(), candidate(file, routes, preflight, flows));
      }
      files.forEach(file -> routes.unload(file.name()));
      return found;
    }
  }

  private static Candidate candidate(
      RouteFile file, RouteFiles routes, FlowPreflight preflight, List<String> flows) {
    Map<String, Failure> held = new LinkedHashMap<>();
    Optional<String> problem = routes.problem(file.name()).map(RouteProblem::toString);
    Optional<Failure> missing = routes.waiting(file.name()).map(WaitingFile::failure);
    Set<String> ids = new HashSet<>(routes.routes(file.name()));
    routes.flows(file.name()).forEach(flow -> ids.add(flow.name()));
    if (problem.isEmpty() && missing.isEmpty()) {
      for (LoadedFlow flow : FlowSelection.among(routes.flows(file.name()), flows)) {
        preflight.look(flow).ifPresent(failure -> held.put(flow.name(), failure));
      }
    }
    return new Candidate(file, ids, routes.beans(file.name()), problem, missing, held);
  }
}
