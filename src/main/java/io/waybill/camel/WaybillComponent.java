package io.waybill.camel;

import io.waybill.batch.DataSize;
import io.waybill.delivery.TableName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;

/** The {@code waybill:} component. */
@Component("waybill")
public final class WaybillComponent extends DefaultComponent {
  private static final String SETTINGS = "settings.";
  private final WaybillServices services;
  private final Map<String, WaybillProducer> producers = new ConcurrentHashMap<>();

  public WaybillComponent(WaybillServices services) {
    this.services = services;
  }

  void started(String flow, WaybillProducer producer) {
    producers.put(flow, producer);
  }

  /** Delivers what a crash or a hold left in the spool of a flow that was started. */
  public void deliverSpooled(String flow) {
    Optional.ofNullable(producers.get(flow)).ifPresent(WaybillProducer::deliverSpooled);
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    getCamelContext()
        .getTypeConverterRegistry()
        .addTypeConverter(DataSize.class, String.class, new DataSizeConverter());
    PayloadConverters.addTo(getCamelContext().getTypeConverterRegistry());
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    WaybillEndpoint endpoint = new WaybillEndpoint(uri, this, services, TableName.parse(remaining));
    endpoint.setSettings(
        ServerSettings.of(PropertiesHelper.extractProperties(parameters, SETTINGS)));
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
