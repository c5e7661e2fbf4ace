package io.waybill.app;

import io.waybill.camel.ClickHouseComponent;
import io.waybill.camel.FlowGuard;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RunContextInterceptor;
import io.waybill.camel.WaybillComponent;
import java.io.IOException;
import java.time.Clock;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;

/** Gives Camel what routes may name, and loads the routes of a home without starting flows. */
final class RouteLoading {
  private RouteLoading() {}

  static RouteFiles load(
      CamelContext context,
      Home home,
      WaybillConfig config,
      Connections connections,
      WaybillComponent waybill)
      throws IOException {
    context.getCamelContextExtension().addInterceptStrategy(new RunContextInterceptor());
    connections
        .dataSources()
        .forEach((name, source) -> context.getRegistry().bind(name, DataSource.class, source));
    context.addComponent("waybill", waybill);
    context.addComponent(
        "clickhouse",
        new ClickHouseComponent(
            connections,
            new ClickHouseComponent.Retries(config.retry().maxElapsed(), config.limits().horizon()),
            Clock.systemUTC(),
            Build.version()));
    RouteFiles routes = new RouteFiles(context, home.folder(), new FlowGuard(waybill::begin));
    routes.loadShipped();
    routes.loadUser();
    return routes;
  }
}
