package io.waybill.camel;

import io.waybill.batch.DataSize;
import io.waybill.delivery.TableName;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;

/** The {@code waybill:} component. */
@Component("waybill")
public final class WaybillComponent extends DefaultComponent {
  private static final String SETTINGS = "settings.";
  private final WaybillServices services;

  public WaybillComponent(WaybillServices services) {
    this.services = services;
  }

  @Override
  protected void doInit() throws Exception {
    super.doInit();
    getCamelContext()
        .getTypeConverterRegistry()
        .addTypeConverter(DataSize.class, String.class, new DataSizeConverter());
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    WaybillEndpoint endpoint =
        new WaybillEndpoint(uri, this, services, TableName.parse(remaining));
    endpoint.setSettings(ServerSettings.of(PropertiesHelper.extractProperties(parameters, SETTINGS)));
    setProperties(endpoint, parameters);
    return endpoint;
  }
}
