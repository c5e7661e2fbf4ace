package io.waybill.app;

import io.waybill.batch.CutLimits;
import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.camel.ClickHouseShapes;
import io.waybill.camel.FlowRights;
import io.waybill.camel.RouteFile;
import io.waybill.camel.RouteFiles;
import io.waybill.camel.RouteFiles.LoadedFlow;
import io.waybill.camel.RouteFiles.WaitingFile;
import io.waybill.camel.RouteFolder;
import io.waybill.camel.RouteProblem;
import io.waybill.camel.WaybillComponent;
import io.waybill.camel.WaybillEndpoint;
import io.waybill.camel.WaybillServices;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.Finding;
import io.waybill.clickhouse.TypeCheck;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.delivery.Failure;
import io.waybill.delivery.TableName;
import io.waybill.policy.Policy;
import io.waybill.secret.CredentialsException;
import io.waybill.vault.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a home as {@link Application} would start it, without starting or writing anything: a
 * process may be serving the same home meanwhile.
 */
public final class Check implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Check.class);
  private final Closing closing = new Closing();
  private final WaybillConfig config;
  private ClickHouseClient client;
  private FlowPreflight preflight;
  private LivePolicies policies;
  private ServerGrants grants;
  private List<String> plainSecrets = List.of();
  private Optional<Vault> vault = Optional.empty();
  private CamelContext context;
  private Connections connections;
  private RouteFiles routes;
  private Predicate<String> meant = file -> true;

  /**
   * How a flow was found.
   *
   * @param name its name
   * @param table where it delivers to; empty if a secret that is missing names it
   * @param file where it is declared
   * @param findings what was looked at
   */
  public record Flow(String name, Optional<TableName> table, String file, List<Finding> findings) {
    public Flow {
      findings = List.copyOf(findings);
    }

    /** Whether it would be held. */
    public boolean isHeld() {
      return findings.stream().anyMatch(each -> each.severity() == Finding.Severity.HOLD);
    }
  }

  private Check(WaybillConfig config) {
    this.config = config;
  }

  /**
   * Loads the routes of a home.
   *
   * @throws ConfigurationException if nothing could run here
   */
  public static Check of(Home home, WaybillConfig config, DownloadListener download)
      throws Exception {
    return of(home, config, download, RouteFiles::loadUser);
  }

  /**
   * As {@link #of(Home, WaybillConfig, DownloadListener)}, but looks only at this file, which need
   * not be in {@code routes/} yet, beside those that are there under another name.
   *
   * @throws IOException if the file cannot be read
   */
  public static Check ofFile(Home home, WaybillConfig config, DownloadListener download, Path file)
      throws Exception {
    RouteFolder folder = new RouteFolder(home.folder());
    RouteFile only = folder.read(file);
    Check check =
        of(
            home,
            config,
            download,
            routes -> {
              Map<String, RouteFile> others = folder.users();
              others.remove(
                  home.folder().relativize(folder.path().resolve(file.getFileName())).toString());
              others.values().forEach(routes::load);
              routes.load(only);
            });
    check.meant = only.name()::equals;
    return check;
  }

  /** Loads what is to be looked at. */
  private interface Loading {
    void load(RouteFiles routes) throws IOException;
  }

  private static Check of(
      Home home, WaybillConfig config, DownloadListener download, Loading loading)
      throws Exception {
    Check check = new Check(config);
    try {
      check.open(home, download, loading);
      return check;
    } catch (Exception e) {
      check.close();
      throw e;
    }
  }

  private void open(Home home, DownloadListener download, Loading loading) throws Exception {
    plainSecrets = new PlainSecrets(home).find();
    policies = LivePolicies.load(home, config);
    FlowRights rights =
        new PolicyRights(policies, PolicyRights.Parts.forLooking(), Clock.systemUTC());
    Access access = closing.add(Access.open(home, config, download));
    grants = new ServerGrants(policies.current(), access.connections(), () -> {});
    client = access.client();
    vault = access.vault();
    connections = access.connections();
    context = closing.add(new CamelRuntime(home, config, access).withoutServers()).start();
    boolean provenance = config.clickHouse().provenance();
    WaybillComponent waybill =
        new WaybillComponent(
            WaybillServices.forLooking(
                account -> new ClickHouseShapes(access.connections().of(account), provenance),
                rights,
                FlowSite.limits(config)));
    routes = RouteLoading.forLooking(context, home, config, access.connections(), waybill, rights);
    loading.load(routes);
    preflight =
        new FlowPreflight(
            context, new Preflights(access, config), provenance, flow -> Optional.empty());
  }

  /** How the login to Vault stands, after one was tried; empty if there is no Vault. */
  public Optional<Vault.Status> vault() {
    return vault.map(
        it -> {
          try {
            it.login();
          } catch (CredentialsException e) {
            LOG.debug("The status tells why: {}", e.getMessage());
          }
          return it.status();
        });
  }

  /** Places of secrets in plain text; production refuses to start with them. */
  public List<String> plainSecrets() {
    return plainSecrets;
  }

  /** Where the grants of ClickHouse differ from the policy; nothing without one. */
  public List<String> grants() {
    return policies.current().isPresent() ? grants.warnings() : List.of();
  }

  /** The policy that would hold; none if there is no file. */
  public Policy policy() {
    return policies.current();
  }

  /** Whether they are refused. */
  public boolean isProduction() {
    return config.isProduction();
  }

  /** Each flow, with what keeps it from running or should be known. */
  public List<Flow> flows() {
    List<Flow> found = new ArrayList<>();
    for (LoadedFlow flow : routes.flows()) {
      if (!meant.test(flow.file())) {
        continue;
      }
      found.add(
          new Flow(
              flow.name(),
              Optional.of(preflight.endpoint(flow).tableName()),
              flow.file(),
              preflight.findings(flow)));
    }
    for (WaitingFile file : routes.waiting()) {
      for (LoadedFlow flow : file.flows()) {
        found.add(waiting(flow, file.failure()));
      }
    }
    found.removeIf(flow -> !meant.test(flow.file()));
    return found;
  }

  private static Flow waiting(LoadedFlow flow, Failure failure) {
    Finding missing =
        new Finding(Finding.Severity.HOLD, 0, failure.name(), failure.reason(), failure.remedy());
    return new Flow(flow.name(), flow.table(), flow.file(), List.of(missing));
  }

  /** What runs of these flows would do; of all if none is named. */
  public List<DryRun.Outlook> dryRun(List<String> names) {
    DryRun dry = new DryRun(context, preflight, connections, config.limits().maxRecord().bytes());
    return FlowSelection.of(routes, names).stream().map(dry::of).toList();
  }

  /** Route files that cannot be loaded. */
  public List<RouteProblem> problems() {
    return routes.problems().stream().filter(problem -> meant.test(problem.file())).toList();
  }

  /**
   * Compares the values of a file with the column types of a flow's table.
   *
   * @param flow name of the flow; null if there is only one
   * @throws ConfigurationException if there is no such flow, or nothing tells the file's format
   * @throws IOException if the file cannot be read, or is not what its format says
   */
  public TypeCheck.Report types(Path file, String flow) throws IOException {
    WaybillEndpoint endpoint = preflight.endpoint(chosen(flow));
    Format format =
        endpoint
            .givenFormat()
            .or(() -> Format.ofFileName(file.getFileName().toString()))
            .orElseThrow(() -> new ConfigurationException(List.of("no format is told by " + file)));
    CutLimits limits =
        new CutLimits(TypeCheck.ROWS, TypeCheck.BYTES, config.limits().maxRecord().bytes());
    return new TypeCheck(client)
        .look(endpoint.tableName(), format, new FileSource(file, file.toString()), limits);
  }

  private LoadedFlow chosen(String flow) {
    List<LoadedFlow> flows =
        FlowSelection.of(routes.flows(), List.of(), flow == null ? List.of() : List.of(flow));
    if (flows.size() != 1) {
      throw new ConfigurationException(
          List.of(
              flows.isEmpty()
                  ? "there is no flow, so nothing tells the table"
                  : "name the flow with --flow; there are "
                      + String.join(", ", flows.stream().map(LoadedFlow::name).toList())));
    }
    return flows.get(0);
  }

  @Override
  public void close() throws IOException {
    closing.closeAll();
  }
}
