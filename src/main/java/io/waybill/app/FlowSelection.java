package io.waybill.app;

import io.waybill.camel.RouteFiles.LoadedFlow;
import java.util.List;

/** Which of the flows that were loaded are to run. */
final class FlowSelection {
  private FlowSelection() {}

  /**
   * Those with these names, or all.
   *
   * @throws ConfigurationException if there is no flow of a name
   */
  static List<LoadedFlow> of(List<LoadedFlow> loaded, List<String> names) {
    List<String> known = loaded.stream().map(LoadedFlow::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ConfigurationException(
            List.of("there is no flow " + name + "; there are " + String.join(", ", known)));
      }
    }
    return names.isEmpty()
        ? loaded
        : loaded.stream().filter(flow -> names.contains(flow.name())).toList();
  }
}
