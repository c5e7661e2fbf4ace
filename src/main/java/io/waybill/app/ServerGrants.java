package io.waybill.app;

import io.waybill.camel.Account;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.policy.Grant;
import io.waybill.policy.GrantPlan;
import io.waybill.policy.GrantPlan.Difference;
import io.waybill.policy.GrantPlan.Grantee;
import io.waybill.policy.GrantPlan.KnownTable;
import io.waybill.policy.Policy;
import io.waybill.policy.SqlName;
import io.waybill.secret.CredentialsException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the servers of a home have to grant by its policy, and what they do. */
public final class ServerGrants implements AutoCloseable {
  private static final String PROVENANCE = "_waybill_batch";
  private static final String TABLES =
      """
      SELECT database, table, countIf(name = '%s') FROM system.columns
      WHERE lower(database) NOT IN ('system', 'information_schema', 'waybill')
      GROUP BY database, table ORDER BY database, table\
      """
          .formatted(PROVENANCE);
  private final Policy policy;
  private final Connections connections;
  private final Runnable close;

  /**
   * Somebody at a server.
   *
   * @param connection connection of Waybill
   * @param user its user
   * @param role role of ClickHouse that gets the grants; empty: the user itself
   * @param xml whether the server takes users from a file, and no SQL
   * @param wanted what the policy says
   */
  public record Target(
      String connection, String user, String role, boolean xml, List<Grant> wanted) {
    /** Whose grants they are. */
    public String name() {
      return role.isEmpty() ? user : role;
    }
  }

  /**
   * How somebody's grants stand.
   *
   * @param trouble why they cannot be seen; empty if they can
   */
  public record Compared(Target target, Difference difference, String trouble) {
    public boolean agrees() {
      return trouble.isEmpty() && difference.missing().isEmpty() && difference.excess().isEmpty();
    }
  }

  ServerGrants(Policy policy, Connections connections, Runnable close) {
    this.policy = policy;
    this.connections = connections;
    this.close = close;
  }

  /**
   * Of a home.
   *
   * @throws ConfigurationException if there is no policy, or it is wrong
   */
  public static ServerGrants open(Home home, WaybillConfig config, DownloadListener download) {
    Policy policy = LivePolicies.load(home, config).current();
    if (!policy.isPresent()) {
      throw new ConfigurationException(
          List.of(
              "there is no policy.yaml, so nothing says what ClickHouse is to grant; see"
                  + " docs/security.md#policy"));
    }
    Access access = Access.open(home, config, download);
    return new ServerGrants(policy, access.connections(), access::close);
  }

  /** Who is to get what. */
  public List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    for (String connection : connectionsOfRoles()) {
      ClickHouseClient client = client(connection);
      boolean xml = isXml(client);
      String user = client.connection().user();
      plan(client)
          .wanted()
          .forEach(
              (grantee, wanted) -> {
                if (grantee.connection().equals(connection)) {
                  targets.add(new Target(connection, user, grantee.role(), xml, wanted));
                }
              });
    }
    return targets;
  }

  private List<String> connectionsOfRoles() {
    return new GrantPlan(policy, List.of())
        .wanted().keySet().stream().map(Grantee::connection).distinct().toList();
  }

  private ClickHouseClient client(String connection) {
    try {
      ClickHouseClient client = connections.of(new Account(connection, ""));
      var unused = client.connection().user();
      return client;
    } catch (CredentialsException e) {
      throw new ConfigurationException(
          List.of("connection %s: %s; %s".formatted(connection, e.getMessage(), e.remedy())));
    }
  }

  private GrantPlan plan(ClickHouseClient client) {
    List<KnownTable> tables = new ArrayList<>();
    for (String line : client.lines(TABLES)) {
      String[] fields = line.split("\t", -1);
      tables.add(
          new KnownTable(
              new SqlName(fields[0], fields[1]), fields[2].equals("0") ? "" : PROVENANCE));
    }
    return new GrantPlan(policy, tables);
  }

  /** Who may not see users is looked up by the default connection, if that is the same server. */
  private boolean isXml(ClickHouseClient client) {
    ClickHouseClient usual = connections.client();
    boolean same = usual.connection().url().equals(client.connection().url());
    return isXml(client, client) || (same && isXml(usual, client));
  }

  private static boolean isXml(ClickHouseClient asked, ClickHouseClient of) {
    try {
      return asked
          .lines(
              "SELECT storage FROM system.users WHERE hex(name) = '%s'"
                  .formatted(
                      HexFormat.of()
                          .withUpperCase()
                          .formatHex(of.connection().user().getBytes(StandardCharsets.UTF_8))))
          .contains("users_xml");
    } catch (QueryFailedException e) {
      return false;
    }
  }

  /** How everybody's grants stand. */
  public List<Compared> compare() {
    List<Compared> all = new ArrayList<>();
    Map<String, List<Target>> ofUsers = new LinkedHashMap<>();
    for (Target target : targets()) {
      all.add(compare(target, target.role().isEmpty() ? "" : " FOR " + quoted(target.role())));
      ofUsers.computeIfAbsent(target.connection(), name -> new ArrayList<>()).add(target);
    }
    ofUsers.values().forEach(targets -> memberships(targets, all));
    return all;
  }

  /** A user who has rights of its own has them under every role. */
  private void memberships(List<Target> targets, List<Compared> all) {
    if (targets.stream().anyMatch(target -> target.role().isEmpty())) {
      return;
    }
    List<Grant> wanted =
        targets.stream()
            .map(target -> new Grant(false, Grant.ROLE, List.of(), "", target.role()))
            .toList();
    Target first = targets.get(0);
    all.add(compare(new Target(first.connection(), first.user(), "", first.xml(), wanted), ""));
  }

  private static String quoted(String role) {
    return io.waybill.delivery.TableName.quote(role);
  }

  private Compared compare(Target target, String whose) {
    ClickHouseClient client = client(target.connection());
    Difference none = new Difference(List.of(), List.of());
    try {
      List<Grant> actual =
          client.lines("SHOW GRANTS" + whose).stream()
              .flatMap(line -> Grant.parse(line).stream())
              .toList();
      List<Grant> wanted = target.wanted();
      // memberships that other targets of this user want are no excess of it
      Difference difference = plan(client).difference(wanted, actual);
      return new Compared(target, without(difference, memberships(target)), "");
    } catch (QueryFailedException e) {
      return new Compared(
          target, none, "its grants cannot be seen: %s (%s)".formatted(e.getMessage(), e.name()));
    }
  }

  private List<String> memberships(Target target) {
    return target.role().isEmpty()
        ? new GrantPlan(policy, List.of())
            .wanted().keySet().stream()
                .filter(grantee -> grantee.connection().equals(target.connection()))
                .map(Grantee::role)
                .filter(role -> !role.isEmpty())
                .toList()
        : List.of();
  }

  private static Difference without(Difference difference, List<String> roles) {
    return new Difference(
        difference.missing(),
        difference.excess().stream()
            .filter(each -> !each.privilege().equals(Grant.ROLE) || !roles.contains(each.table()))
            .toList());
  }

  /** The same as lines for people who look at a home as a whole. */
  List<String> warnings() {
    try {
      return compare().stream()
          .filter(each -> !each.agrees())
          .flatMap(ServerGrants::lines)
          .toList();
    } catch (QueryFailedException | ConfigurationException e) {
      return List.of("the grants of ClickHouse cannot be compared: " + e.getMessage());
    }
  }

  private static Stream<String> lines(Compared each) {
    String name = each.target().name();
    if (!each.trouble().isEmpty()) {
      return Stream.of(name + ": " + each.trouble());
    }
    return Stream.of(
        "%s: ClickHouse grants %d things too little and %d too much by the policy; ./waybill grants --check lists them"
            .formatted(
                name, each.difference().missing().size(), each.difference().excess().size()));
  }

  @Override
  public void close() {
    close.run();
  }
}
