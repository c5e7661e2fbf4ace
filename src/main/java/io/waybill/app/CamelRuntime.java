package io.waybill.app;

import io.waybill.batch.SourceFormatException;
import io.waybill.camel.DatabaseRows;
import io.waybill.camel.HomeFileComponent;
import io.waybill.camel.RefusedRowsException;
import io.waybill.camel.kafka.FlowKafkaComponent;
import io.waybill.camel.mqtt.FlowMqttComponent;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.RunFailedException;
import io.waybill.secret.CredentialsException;
import io.waybill.vault.HashicorpFunction;
import io.waybill.vault.LoggedInVaultComponent;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.main.Main;
import org.apache.camel.util.ObjectHelper;

/** Camel Main, with Waybill's components bound and its defaults set; routes are loaded later. */
final class CamelRuntime implements AutoCloseable {
  private static final String LOCALHOST = "127.0.0.1";
  private final Main main;

  CamelRuntime(Home home, WaybillConfig config, Access access) {
    main = new ResolvingMain(access.function());
    access
        .vault()
        .ifPresent(vault -> main.bind("hashicorp-vault", new LoggedInVaultComponent(vault)));
    Map<String, String> defaults =
        new TreeMap<>(
            Map.of(
                "camel.main.name", "waybill",
                "camel.main.shutdown-timeout",
                    Long.toString(Math.max(1, config.limits().shutdownTimeout().toSeconds())),
                "camel.main.shutdown-log-inflight-exchanges-on-timeout", "false",
                "camel.main.auto-configuration-log-summary", "false",
                "camel.main.startup-recorder", "off",
                "camel.main.jmx-enabled", "false",
                "camel.main.source-location-enabled", "true",
                "camel.component.direct.block", "false"));
    // Camel would listen at all addresses
    defaults.put("camel.server.host", LOCALHOST);
    defaults.put("camel.management.host", LOCALHOST);
    defaults.forEach(main::addInitialProperty);
    config.asProperties().forEach(main::addOverrideProperty);
    if (Files.exists(home.properties())) {
      main.setPropertyPlaceholderLocations("file:" + home.properties());
    }
    main.configure().withRoutesIncludePattern(null);
    main.bind("file", new HomeFileComponent(home.folder()));
    main.bind("kafka", new FlowKafkaComponent());
    main.bind("paho-mqtt5", new FlowMqttComponent());
    main.bind("waybill-rows", new DatabaseRows()); // Camel takes the only one of its kind
  }

  /** Leaves out what would listen on a port: another process of this home may be serving there. */
  CamelRuntime withoutServers() {
    for (String server : List.of("camel.server.enabled", "camel.management.enabled")) {
      main.addOverrideProperty(server, "false");
    }
    return this;
  }

  /** Gives the context another name than that of the process that serves. */
  CamelRuntime named(String name) {
    main.addInitialProperty("camel.main.name", name);
    return this;
  }

  void bind(String name, Object bean) {
    main.bind(name, bean);
  }

  /** Starts Camel without a route. */
  CamelContext start() throws Exception {
    try {
      main.init();
      CamelContext context = main.getCamelContext();
      context.addRoutesConfigurations(new QuietDelivery());
      main.start();
      return context;
    } catch (Exception e) {
      throw misconfigured(e);
    }
  }

  /** A {@code camel.*} key that Camel does not know, or a secret in one that is missing. */
  private static Exception misconfigured(Exception e) {
    CredentialsException missing = ObjectHelper.getException(CredentialsException.class, e);
    if (missing != null) {
      return new ConfigurationException(
          List.of("application.properties: " + missing.getMessage() + "; " + missing.remedy()));
    }
    return e instanceof IllegalArgumentException || e instanceof PropertyBindingException
        ? new ConfigurationException(List.of("application.properties: " + e.getMessage()))
        : e;
  }

  @Override
  public void close() {
    main.stop();
  }

  /** Before the first placeholder is resolved, as Camel's own function would want a token. */
  private static final class ResolvingMain extends Main {
    private final Optional<HashicorpFunction> function;

    ResolvingMain(Optional<HashicorpFunction> function) {
      this.function = function;
    }

    @Override
    protected CamelContext createCamelContext() {
      CamelContext context = super.createCamelContext();
      function.ifPresent(context.getPropertiesComponent()::addPropertiesFunction);
      return context;
    }
  }

  /** Waybill says itself why records did not arrive; Camel's trace of it would only frighten. */
  private static final class QuietDelivery extends RouteConfigurationBuilder {
    @Override
    public void configuration() {
      routeConfiguration()
          .onException(
              HeldDeliveryException.class,
              RunFailedException.class,
              DeliveryStoppedException.class,
              RefusedRowsException.class,
              SourceFormatException.class)
          .logExhausted(false);
    }
  }
}
