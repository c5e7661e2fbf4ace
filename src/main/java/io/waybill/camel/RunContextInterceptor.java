package io.waybill.camel;

import io.waybill.clickhouse.QueryContext;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.processor.DelegateSyncProcessor;

/**
 * Ties the statements of {@code sql:} and {@code jdbc:} steps to the run: while such a step is
 * being processed, statements on the data source {@code clickhouse} carry flow and run in their
 * log_comment and the run in their query id.
 */
public final class RunContextInterceptor implements InterceptStrategy {
  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
    String label = String.valueOf(definition.getLabel());
    boolean jdbc = label.startsWith("sql:") || label.startsWith("jdbc:");
    return jdbc ? new WithPapers(target) : target;
  }

  private static final class WithPapers extends DelegateSyncProcessor {
    WithPapers(Processor processor) {
      super(processor);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
      Map<String, String> papers = new TreeMap<>();
      Optional.ofNullable(ExchangeHelper.getAtRouteId(exchange))
          .ifPresent(flow -> papers.put("flow", flow));
      Optional.ofNullable(exchange.getMessage().getHeader(WaybillHeaders.RUN, String.class))
          .ifPresent(run -> papers.put("run", run));
      QueryContext.run(
          papers,
          () -> {
            super.process(exchange);
            return null;
          });
    }
  }
}
