package io.waybill.camel.changes;

import io.waybill.camel.FlowHolds;
import io.waybill.delivery.SourceOffsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.debezium.DebeziumComponent;
import org.apache.camel.component.debezium.DebeziumEndpoint;
import org.apache.camel.component.debezium.postgres.DebeziumPostgresComponent;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Camel's {@code debezium-postgres:}, with offsets in the ledger, kept when the changes before them
 * are durable, and a consumer that waits and tries again where Camel's would drop a change.
 */
@Component("debezium-postgres")
public final class ChangesComponent extends DefaultComponent {
  private static final List<String> OWN =
      List.of(
          "offsetStorage",
          "offsetStorageFileName",
          "offsetStorageTopic",
          "offsetStoragePartitions",
          "offsetStorageReplicationFactor",
          "offsetCommitPolicy",
          "offsetFlushIntervalMs",
          "provideTransactionMetadata");
  private final FlowHolds holds;
  private final SourceOffsets offsets;
  private DebeziumComponent<?> camels;

  /**
   * For the flows of a home.
   *
   * @param holds flows that wait
   * @param offsets how far they have come
   */
  public ChangesComponent(FlowHolds holds, SourceOffsets offsets) {
    this.holds = holds;
    this.offsets = offsets;
  }

  /** Takes the place of Camel's component, with what was configured for it. */
  public void replaceIn(CamelContext context) {
    String name = "debezium-postgres";
    if (context.hasComponent(name) != null) {
      camels = context.getComponent(name, DebeziumPostgresComponent.class);
      context.removeComponent(name);
    }
    context.addComponent(name, this);
  }

  @Override
  protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
      throws Exception {
    for (String option : OWN) {
      if (parameters.containsKey(option)) {
        throw new IllegalArgumentException(
            option + " is Waybill's to decide: it keeps the offsets in its ledger; leave it out");
      }
    }
    parameters.put("offsetStorage", LedgerOffsetStore.class.getName());
    parameters.put("provideTransactionMetadata", true);
    parameters.putIfAbsent("pluginName", "pgoutput");
    parameters.putIfAbsent("skippedOperations", "none");
    DebeziumEndpoint<?> endpoint = (DebeziumEndpoint<?>) camels().createEndpoint(uri, parameters);
    parameters.clear();
    return new ChangesEndpoint(uri, this, endpoint);
  }

  private synchronized DebeziumComponent<?> camels() {
    if (camels == null) {
      camels = new DebeziumPostgresComponent(getCamelContext());
    }
    ServiceHelper.startService(camels);
    return camels;
  }

  FlowHolds holds() {
    return holds;
  }

  SourceOffsets offsets() {
    return offsets;
  }

  @Override
  protected void doStop() throws Exception {
    ServiceHelper.stopService(camels);
    super.doStop();
  }
}
