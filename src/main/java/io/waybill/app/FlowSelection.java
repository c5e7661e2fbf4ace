package io.waybill.app;

import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import java.util.List;
import java.util.stream.Stream;

/** Which of the flows that were loaded are to run. */
final class FlowSelection {
  private FlowSelection() {}

  /**
   * Those with these names, or all.
   *
   * @param waiting names of flows that are known and not loaded yet
   * @throws ConfigurationException if there is no flow of a name
   */
  static List<LoadedFlow> of(List<LoadedFlow> loaded, List<String> waiting, List<String> names) {
    List<String> known =
        Stream.concat(loaded.stream().map(LoadedFlow::name), waiting.stream()).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ConfigurationException(
            List.of("there is no flow " + name + "; there are " + String.join(", ", known)));
      }
    }
    return among(loaded, names);
  }

  /** As {@link #of(List, List, List)}, of what is loaded there or waits. */
  static List<LoadedFlow> of(RouteFiles routes, List<String> names) {
    List<String> waiting =
        routes.waiting().stream()
            .flatMap(file -> file.flows().stream())
            .map(LoadedFlow::name)
            .toList();
    return of(routes.flows(), waiting, names);
  }

  /** Those of these flows that have one of these names, or all if there are no names. */
  static List<LoadedFlow> among(List<LoadedFlow> flows, List<String> names) {
    return names.isEmpty()
        ? flows
        : flows.stream().filter(flow -> names.contains(flow.name())).toList();
  }
}
