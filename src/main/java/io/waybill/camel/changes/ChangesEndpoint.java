package io.waybill.camel.changes;

import java.util.Properties;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.debezium.DebeziumEndpoint;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.kafka.connect.source.SourceRecord;

/** Changes of a database, as Camel's endpoint has them configured. */
public final class ChangesEndpoint extends DefaultEndpoint {
  private final DebeziumEndpoint<?> camels;

  ChangesEndpoint(String uri, ChangesComponent component, DebeziumEndpoint<?> camels) {
    super(uri, component);
    this.camels = camels;
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    ChangesComponent component = (ChangesComponent) getComponent();
    ChangesConsumer consumer =
        new ChangesConsumer(this, processor, component.holds(), component.offsets());
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() throws Exception {
    return camels.createProducer();
  }

  /** What names the reading of changes: another name begins anew. */
  String name() {
    return camels.getConfiguration().getName();
  }

  Properties engineProperties() {
    return camels.getConfiguration().createDebeziumConfiguration().asProperties();
  }

  /** An exchange as Camel makes it of a change. */
  Exchange exchange(SourceRecord change) {
    return camels.createDbzExchange(null, change);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    ServiceHelper.startService(camels);
  }

  @Override
  protected void doStop() throws Exception {
    ServiceHelper.stopService(camels);
    super.doStop();
  }
}
