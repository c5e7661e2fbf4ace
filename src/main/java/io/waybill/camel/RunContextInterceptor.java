package io.waybill.camel;

import io.waybill.clickhouse.QueryContext;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
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
    String uri = uri(definition);
    boolean jdbc = uri.startsWith("sql:") || uri.startsWith("jdbc:");
    return jdbc ? new WithPapers(target) : target;
  }

  private static String uri(NamedNode definition) {
    if (definition instanceof SendDefinition<?> send) {
      return String.valueOf(send.getEndpointUri());
    }
    return definition instanceof ToDynamicDefinition dynamic
        ? String.valueOf(dynamic.getUri())
        : "";
  }

  /** Flow and run of an exchange, as far as known. */
  static Map<String, String> papers(Exchange exchange) {
    Map<String, String> papers = new TreeMap<>();
    Optional.ofNullable(ExchangeHelper.getAtRouteId(exchange))
        .ifPresent(flow -> papers.put("flow", flow));
    Optional.ofNullable(exchange.getMessage().getHeader(WaybillHeaders.RUN, String.class))
        .ifPresent(run -> papers.put("run", run));
    return papers;
  }

  private static final class WithPapers extends DelegateSyncProcessor {
    WithPapers(Processor processor) {
      super(processor);
    }

    /** The one that routes call; the delegate's would go past {@link #process(Exchange)}. */
    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      try {
        process(exchange);
      } catch (Exception e) {
        exchange.setException(e);
      }
      callback.done(true);
      return true;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
      QueryContext.run(
          papers(exchange),
          () -> {
            super.process(exchange);
            return null;
          });
    }
  }
}
