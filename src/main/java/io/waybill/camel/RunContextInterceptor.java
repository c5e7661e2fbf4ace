package io.waybill.camel;

import io.waybill.camel.FlowRights.Admitted;
import io.waybill.clickhouse.QueryContext;
import io.waybill.clickhouse.StatementGuard;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.ExchangeHelper;

/**
 * Ties the statements of {@code sql:} and {@code jdbc:} steps to the run: while such a step is
 * being processed, statements on the data source {@code clickhouse} carry flow and run in their
 * log_comment and the run in their query id, and are asked under the rights of the flow.
 */
public final class RunContextInterceptor implements InterceptStrategy {
  private static final String DENIED = "42501"; // insufficient privilege
  private final FlowRights rights;

  public RunContextInterceptor(FlowRights rights) {
    this.rights = rights;
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
    String uri = uri(definition);
    boolean jdbc = uri.startsWith("sql:") || uri.startsWith("jdbc:");
    return jdbc ? new WithPapers(target, rights) : target;
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

  /**
   * Decides on statements of JDBC by the rights of a flow.
   *
   * @param flow id of the route; empty if it is not known
   */
  public static StatementGuard guard(FlowRights rights, String flow) {
    return rights == FlowRights.UNBOUND ? StatementGuard.NONE : new OfFlow(rights, flow);
  }

  private record OfFlow(FlowRights rights, String flow) implements StatementGuard {

    @Override
    public String connection(String named) throws SQLException {
      try {
        String taken = rights.ofRoute(flow, named).account().connection();
        return taken.isEmpty() ? named : taken;
      } catch (DeniedException e) {
        throw new SQLException(e.getMessage(), DENIED, e);
      }
    }

    @Override
    public Admission admit(String connection, String sql) throws SQLException {
      try {
        Admitted admitted = rights.admit(flow, connection, "", sql);
        return new Admission(admitted.standing().account().role(), admitted.readOnly());
      } catch (DeniedException e) {
        throw new SQLException(e.getMessage(), DENIED, e);
      }
    }
  }

  private static final class WithPapers extends WrappedStep {
    private final FlowRights rights;

    WithPapers(Processor processor, FlowRights rights) {
      super(processor);
      this.rights = rights;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
      Map<String, String> papers = papers(exchange);
      QueryContext.run(
          papers,
          guard(rights, papers.getOrDefault("flow", "")),
          () -> {
            super.process(exchange);
            return null;
          });
    }
  }
}
