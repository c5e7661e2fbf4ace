package io.waybill.camel;

import io.waybill.camel.RouteFiles.LoadedFlow;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;

/**
 * What a route file brought into the context.
 *
 * @param file the version that was loaded
 * @param routes its routes, those of its templates too
 * @param configurations its route configurations
 * @param templates its route templates
 * @param beans names of its beans
 * @param flows its routes that are flows
 * @param others ids of those that are none
 */
record LoadedFile(
    RouteFile file,
    List<RouteDefinition> routes,
    List<RouteConfigurationDefinition> configurations,
    List<RouteTemplateDefinition> templates,
    Set<String> beans,
    List<LoadedFlow> flows,
    List<String> others) {

  Set<String> ids() {
    return routes.stream().map(RouteDefinition::getRouteId).collect(Collectors.toSet());
  }
}
