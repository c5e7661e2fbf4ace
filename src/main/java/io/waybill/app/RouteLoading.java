package io.waybill.app;

import io.waybill.camel.ClickHouseComponent;
import io.waybill.camel.FlowGuard;
import io.waybill.camel.FlowHolds;
import io.waybill.camel.FlowRights;
import io.waybill.camel.PolledStatements;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFolder;
import io.waybill.camel.RouteTriggers;
import io.waybill.camel.RunContextInterceptor;
import io.waybill.camel.WaybillComponent;
import io.waybill.camel.changes.ChangesComponent;
import io.waybill.camel.http.HttpEngine;
import io.waybill.camel.http.HttpFlows;
import io.waybill.camel.kafka.EachRecord;
import io.waybill.camel.objects.ObjectComponent;
import io.waybill.delivery.InsertWatch;
import io.waybill.delivery.SourceOffsets;
import java.io.IOException;
import java.time.Clock;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;

/** Gives Camel what routes may name, and loads what the program ships. */
final class RouteLoading {
  private RouteLoading() {}

  /** As {@link #prepare}, for routes that are looked at and never started. */
  static RouteFiles forLooking(
      CamelContext context,
      Home home,
      WaybillConfig config,
      Connections connections,
      WaybillComponent waybill,
      FlowRights rights)
      throws IOException {
    return prepare(
        context,
        home,
        config,
        connections,
        waybill,
        rights,
        HttpFlows.NONE,
        new RouteTriggers(flow -> false, flow -> false),
        null,
        null,
        InsertWatch.NONE);
  }

  /**
   * Users' files are to be loaded then, without being started.
   *
   * @throws IOException if a file of {@code routes/waybill} cannot be read
   */
  static RouteFiles prepare(
      CamelContext context,
      Home home,
      WaybillConfig config,
      Connections connections,
      WaybillComponent waybill,
      FlowRights rights,
      HttpFlows http,
      RouteTriggers triggers,
      FlowHolds holds,
      SourceOffsets offsets,
      InsertWatch watch)
      throws IOException {
    context.getCamelContextExtension().addInterceptStrategy(new RunContextInterceptor(rights));
    context.getCamelContextExtension().addInterceptStrategy(new EachRecord());
    connections
        .dataSources(RunContextInterceptor.guard(rights, ""))
        .forEach((name, source) -> context.getRegistry().bind(name, DataSource.class, source));
    context.addComponent("waybill", waybill);
    new ChangesComponent(holds, offsets).replaceIn(context);
    new ObjectComponent(holds).replaceIn(context);
    context.addComponent(
        "clickhouse",
        new ClickHouseComponent(
            connections,
            new ClickHouseComponent.Retries(config.retry().maxElapsed(), config.limits().horizon()),
            Clock.systemUTC(),
            Build.version(),
            watch,
            rights));
    context
        .getRegistry()
        .bind(
            PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME,
            PlatformHttpEngine.class,
            new HttpEngine(context, config.http(), http));
    context.addLifecycleStrategy(new PolledStatements(rights));
    triggers.install(context);
    FlowGuard guard =
        new FlowGuard(
            flow -> http.hold(flow).isPresent(),
            (flow, exchange) -> {
              triggers.begin(flow, exchange);
              waybill.begin(flow, exchange);
            });
    RouteFiles routes = new RouteFiles(context, new RouteFolder(home.folder()), guard, triggers);
    routes.loadShipped();
    return routes;
  }
}
