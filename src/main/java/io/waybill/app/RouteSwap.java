package io.waybill.app;

import io.waybill.camel.FlowHolds;
import io.waybill.camel.RouteFile;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.RouteProblem;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.Step;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts next versions of route files in the place of those that run, together, so that a route may
 * move from one file to another. All routes of these files stop; those of others do not. What
 * cannot be started after all is taken back. Used by one thread.
 */
final class RouteSwap {
  private final RouteFiles routes;
  private final RouteStop stop;
  private final FlowHolds holds;
  private final FlowStarter starter;
  private final List<String> chosen;
  private final FaultPoint faults;

  /**
   * A swap.
   *
   * @param chosen flows that are to run; empty for all
   */
  RouteSwap(
      RouteFiles routes,
      RouteStop stop,
      FlowHolds holds,
      FlowStarter starter,
      List<String> chosen,
      FaultPoint faults) {
    this.routes = routes;
    this.stop = stop;
    this.holds = holds;
    this.starter = starter;
    this.chosen = chosen;
    this.faults = faults;
  }

  /**
   * Swaps.
   *
   * @param next the next version of each file; empty for one that is gone
   * @return files whose next version could not be started, and why; that before runs again
   */
  Map<String, String> swap(Map<String, Optional<RouteFile>> next) {
    Map<String, String> refused = new TreeMap<>();
    holds.undisturbed(() -> swap(next, refused));
    return refused;
  }

  private void swap(Map<String, Optional<RouteFile>> next, Map<String, String> refused) {
    Map<String, RouteFile> before = new LinkedHashMap<>();
    for (RouteFile version : routes.versions()) {
      if (next.containsKey(version.name())) {
        before.put(version.name(), version);
      }
    }
    takeOut(next.keySet());
    faults.reached(Step.ROUTES_OUT);
    next.values().stream().flatMap(Optional::stream).forEach(routes::load);
    Map<String, String> failed = start(next.keySet());
    failed.keySet().stream()
        .filter(file -> !before.containsKey(file) && routes.problem(file).isPresent())
        .forEach(file -> refused.put(file, failed.get(file)));
    failed.keySet().retainAll(before.keySet());
    if (!failed.isEmpty()) {
      takeBack(next, before, failed).forEach(refused::put);
    }
    faults.reached(Step.ROUTES_IN);
  }

  /** Files that share routes come back together; those that are gone stay so. */
  private Map<String, String> takeBack(
      Map<String, Optional<RouteFile>> next,
      Map<String, RouteFile> before,
      Map<String, String> failed) {
    Map<String, String> refused = new TreeMap<>();
    takeOut(next.keySet());
    next.forEach(
        (file, version) -> {
          if (version.isPresent()) {
            Optional.ofNullable(before.get(file)).ifPresent(routes::load);
            String others = "it came together with " + String.join(", ", failed.keySet());
            refused.put(file, failed.getOrDefault(file, others));
          }
        });
    start(next.keySet());
    return refused;
  }

  private void takeOut(Collection<String> files) {
    Set<String> ids = new LinkedHashSet<>();
    for (String file : files) {
      routes.flows(file).forEach(flow -> ids.add(flow.name()));
      ids.addAll(routes.routes(file));
    }
    stop.stop(ids);
    files.forEach(routes::unload);
    ids.forEach(holds::forget);
  }

  /** What could not be started, by file. */
  private Map<String, String> start(Collection<String> files) {
    Map<String, String> failed = new TreeMap<>();
    for (String file : files) {
      routes.problem(file).map(RouteProblem::toString).ifPresent(why -> failed.put(file, why));
      // routes that flows may send to come first
      routes.otherRoutes(file).stream()
          .filter(route -> !starter.startRoute(route))
          .forEach(route -> failed.put(file, notStarted(route)));
    }
    for (String file : files) {
      List<LoadedFlow> flows = FlowSelection.among(routes.flows(file), chosen);
      routes
          .waiting(file)
          .ifPresentOrElse(
              waits -> flows.forEach(flow -> starter.startLater(flow, waits.failure())),
              () ->
                  flows.stream()
                      .filter(flow -> !starter.start(flow))
                      .forEach(flow -> failed.put(file, notStarted(flow.name()))));
    }
    return failed;
  }

  private String notStarted(String route) {
    return holds
        .of(route)
        .map(hold -> "route %s: %s".formatted(route, hold.reason()))
        .orElse("route %s cannot be started".formatted(route));
  }
}
