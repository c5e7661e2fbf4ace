import org.apache.camel.builder.RouteBuilder;

/** What weather.camel.yaml is in YAML, in Java: every file in samples/airports, once. */
public class Airports extends RouteBuilder {
  @Override
  public void configure() {
    from("file:samples/airports?noop=true")
        .routeId("airports")
        .to("waybill:samples.airports?createTable=true&orderBy=state,iata");
  }
}
