package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.app.ServerGrants;
import io.waybill.app.ServerGrants.Compared;
import io.waybill.app.ServerGrants.Target;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.policy.Grant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes ClickHouse agree with the policy. */
@Command(
    name = "grants",
    mixinStandardHelpOptions = true,
    description =
        "Print the SQL that makes ClickHouse grant what policy.yaml says, for a server that takes"
            + " its users from users.xml the XML. Nothing is changed there.")
final class GrantsCommand extends WaybillCommand {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--check",
      description =
          "Compare with what the server grants (SHOW GRANTS), and tell what is too little and too"
              + " much. Exit code 3 tells that they differ.")
  private boolean check;

  @Option(names = "--xml", description = "Print XML for users.xml, whatever the server takes.")
  private boolean xml;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  int run() throws Exception {
    try (ServerGrants grants = ServerGrants.open(home(), config(), new Download(err()))) {
      return check ? compare(grants.compare()) : print(grants.targets());
    } catch (QueryFailedException e) {
      throw new CommandFailedException(
          "ClickHouse cannot be asked: %s (%s)".formatted(e.getMessage(), e.name()));
    }
  }

  private int print(List<Target> targets) {
    if (json) {
      ArrayNode all = JSON.createArrayNode();
      targets.forEach(
          target -> {
            ObjectNode node = node(all.addObject(), target);
            target.wanted().stream()
                .map(grant -> grant.sql(target.name()))
                .forEach(node.putArray("sql")::add);
          });
      JsonOutput.print(out(), all);
      return ExitCode.OK;
    }
    Set<String> connections = new LinkedHashSet<>();
    targets.forEach(target -> connections.add(target.connection()));
    for (String connection : connections) {
      List<Target> here =
          targets.stream().filter(target -> target.connection().equals(connection)).toList();
      boolean asXml = xml || here.get(0).xml();
      (asXml ? xml(here) : sql(here)).forEach(out()::println);
    }
    out().flush();
    return ExitCode.OK;
  }

  private static ObjectNode node(ObjectNode node, Target target) {
    return node.put("connection", called(target))
        .put("user", target.user())
        .put("role", target.role());
  }

  private static String called(Target target) {
    return target.connection().isEmpty() ? "clickhouse" : target.connection();
  }

  private static List<String> sql(List<Target> targets) {
    List<String> lines = new ArrayList<>();
    lines.add("-- connection %s, user %s".formatted(called(targets.get(0)), targets.get(0).user()));
    for (Target target : targets) {
      if (!target.role().isEmpty()) {
        lines.add(
            "CREATE ROLE IF NOT EXISTS "
                + new Grant(false, Grant.ROLE, List.of(), "", target.role())
                    .words()
                    .replaceFirst("GRANT ", "")
                + ";");
      }
      target.wanted().forEach(grant -> lines.add(grant.sql(target.name()) + ";"));
      if (!target.role().isEmpty()) {
        lines.add(
            new Grant(false, Grant.ROLE, List.of(), "", target.role()).sql(target.user()) + ";");
      }
    }
    return lines;
  }

  private static List<String> xml(List<Target> targets) {
    List<String> lines = new ArrayList<>();
    lines.add("<clickhouse>");
    List<Target> roles = targets.stream().filter(target -> !target.role().isEmpty()).toList();
    if (!roles.isEmpty()) {
      lines.add("  <roles>");
      roles.forEach(target -> element(target.role(), target.wanted(), lines));
      lines.add("  </roles>");
    }
    List<Grant> ofUser = new ArrayList<>();
    targets.stream()
        .filter(target -> target.role().isEmpty())
        .forEach(target -> ofUser.addAll(target.wanted()));
    roles.forEach(target -> ofUser.add(new Grant(false, Grant.ROLE, List.of(), "", target.role())));
    lines.add("  <users>");
    element(targets.get(0).user(), ofUser, lines);
    lines.add("  </users>");
    lines.add("</clickhouse>");
    return lines;
  }

  private static void element(String name, List<Grant> grants, List<String> lines) {
    lines.add("    <" + name + ">");
    lines.add("      <grants>");
    grants.forEach(grant -> lines.add("        <query>" + escaped(grant.words()) + "</query>"));
    lines.add("      </grants>");
    lines.add("    </" + name + ">");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private int compare(List<Compared> all) {
    boolean agree = all.stream().allMatch(Compared::agrees);
    if (json) {
      ArrayNode nodes = JSON.createArrayNode();
      all.forEach(
          each -> {
            ObjectNode node = node(nodes.addObject(), each.target());
            node.put("agrees", each.agrees()).put("trouble", each.trouble());
            String name = each.target().name();
            each.difference().missing().stream()
                .map(grant -> grant.sql(name))
                .forEach(node.putArray("tooLittle")::add);
            each.difference().excess().stream()
                .map(grant -> grant.sql(name))
                .forEach(node.putArray("tooMuch")::add);
          });
      JsonOutput.print(out(), nodes);
    } else {
      all.forEach(this::print);
      out().flush();
    }
    return agree ? ExitCode.OK : ExitCode.HELD_OR_FAILED;
  }

  private void print(Compared each) {
    String name = each.target().name();
    out()
        .println(
            "%s (connection %s): %s"
                .formatted(
                    name,
                    called(each.target()),
                    each.agrees()
                        ? "ClickHouse agrees with the policy"
                        : each.trouble().isEmpty() ? "ClickHouse differs" : each.trouble()));
    each.difference()
        .missing()
        .forEach(grant -> out().println("  too little: " + grant.sql(name) + ";"));
    each.difference()
        .excess()
        .forEach(grant -> out().println("  too much:   " + grant.sql(name) + ";"));
  }
}
