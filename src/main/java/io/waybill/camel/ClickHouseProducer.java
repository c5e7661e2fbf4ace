package io.waybill.camel;

import io.waybill.clickhouse.BatchInserter;
import io.waybill.clickhouse.ClickHouseClient;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Inserts planned batches, and does what a route asks otherwise. Thread-safe. */
final class ClickHouseProducer extends DefaultProducer {
  private final ClickHouseEndpoint endpoint;
  private PlannedInsert planned;
  private PlainOperations plain;

  ClickHouseProducer(ClickHouseEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    if (endpoint.getOutputType() == ClickHouseEndpoint.OutputType.stream) {
      StreamedAnswer.leaveUncached(getEndpoint().getCamelContext());
    }
    ClickHouseComponent component = (ClickHouseComponent) endpoint.getComponent();
    ClickHouseClient client = component.client(endpoint);
    planned =
        new PlannedInsert(
            account ->
                new BatchInserter(
                    account.equals(Account.DEFAULT) ? client : component.of(account),
                    component.retries().horizon()),
            component.retries(),
            component.clock(),
            component.watch());
    plain = new PlainOperations(endpoint);
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    BatchDelivery delivery = BatchDelivery.of(exchange);
    if (delivery != null) {
      planned.insert(exchange, delivery);
    } else {
      plain.process(exchange);
    }
  }
}
