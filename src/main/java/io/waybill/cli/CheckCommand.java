package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.app.Check;
import io.waybill.camel.RouteProblem;
import io.waybill.clickhouse.Finding;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.TypeCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks configuration, route files and tables. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Check configuration, route files, and for each flow its source, table and rights. Nothing"
            + " is started or written; a process may be running flows meanwhile. Exit code 1 tells"
            + " that --types found values that would change.")
final class CheckCommand extends WaybillCommand {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--types",
      paramLabel = "FILE",
      description =
          "Also compare the values of this file with the column types of a flow's table: numbers and"
              + " dates out of range, digits that are cut off. Values are never printed.")
  private Path types;

  @Option(
      names = "--flow",
      paramLabel = "FLOW",
      description = "The flow that --types means; needed when there are several.")
  private String flow;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  int run() throws Exception {
    if (flow != null && types == null) {
      throw new UsageException("--flow says which flow --types FILE means; add --types");
    }
    try (Check check = Check.of(home(), config(), new Download(err()))) {
      String severity = check.isProduction() ? "HOLD" : "WARN";
      check.plainSecrets().forEach(place -> err().println(severity + " " + place));
      List<Check.Flow> flows = check.flows();
      TypeCheck.Report report = types == null ? null : look(check);
      if (json) {
        JsonOutput.print(out(), asJson(flows, check.problems(), report));
      } else {
        print(flows, check.problems(), report);
      }
      return check.isProduction() && !check.plainSecrets().isEmpty()
          ? ExitCode.USAGE
          : exitCode(flows, check.problems(), report);
    }
  }

  private TypeCheck.Report look(Check check) {
    try {
      return check.types(types, flow);
    } catch (IOException e) {
      throw new UsageException("cannot read " + types + ": " + e.getMessage());
    } catch (QueryFailedException e) {
      throw new CommandFailedException(
          "ClickHouse cannot look at %s: %s (%s)".formatted(types, e.getMessage(), e.name()));
    }
  }

  private static int exitCode(
      List<Check.Flow> flows, List<RouteProblem> problems, TypeCheck.Report report) {
    if (!problems.isEmpty()) {
      return ExitCode.USAGE;
    }
    if (flows.stream().anyMatch(Check.Flow::isHeld)) {
      return ExitCode.HELD_OR_FAILED;
    }
    return report != null && !report.values().isEmpty() ? ExitCode.DEAD_LETTERS : ExitCode.OK;
  }

  private void print(List<Check.Flow> flows, List<RouteProblem> problems, TypeCheck.Report report) {
    for (Check.Flow each : flows) {
      out()
          .println(
              "%s -> %s (%s)"
                  .formatted(
                      each.name(), each.table().map(Object::toString).orElse("?"), each.file()));
      each.findings().forEach(this::print);
    }
    if (flows.isEmpty() && problems.isEmpty()) {
      out().println("no flows; put a route file into " + home().folder().resolve("routes"));
    }
    problems.forEach(problem -> err().println("BROKEN " + problem));
    if (report != null) {
      print(report);
    }
    out().flush();
  }

  private void print(Finding finding) {
    String code = finding.code() == 0 ? "" : " (code " + finding.code() + ")";
    out().println("  %-4s %s%s".formatted(finding.severity(), finding.reason(), code));
    if (!finding.remedy().isEmpty()) {
      out().println("       remedy: " + finding.remedy());
    }
  }

  private void print(TypeCheck.Report report) {
    out()
        .println(
            "%s: %s looked at%s"
                .formatted(
                    types,
                    Text.count(report.records(), "record"),
                    report.values().isEmpty() ? ", the table takes every value as it is" : ""));
    for (TypeCheck.Values values : report.values()) {
      String records =
          values.firstRecords().stream().map(Text::count).collect(Collectors.joining(", "));
      out()
          .println(
              "  WARN %s %s: %s %s; first in record %s"
                  .formatted(
                      values.column(),
                      values.type(),
                      Text.count(values.count(), "value"),
                      values.what().words(),
                      records));
    }
    if (!report.notCompared().isEmpty()) {
      out().println("  not compared: " + String.join(", ", report.notCompared()));
    }
    report.unread().forEach(reason -> out().println("  WARN not read: " + reason));
  }

  private ObjectNode asJson(
      List<Check.Flow> flows, List<RouteProblem> problems, TypeCheck.Report report) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode all = root.putArray("flows");
    for (Check.Flow each : flows) {
      ObjectNode node = all.addObject();
      node.put("flow", each.name());
      node.put("table", each.table().map(Object::toString).orElse(null));
      node.put("declaredIn", each.file());
      node.put("held", each.isHeld());
      ArrayNode findings = node.putArray("findings");
      for (Finding finding : each.findings()) {
        findings
            .addObject()
            .put("severity", finding.severity().name())
            .put("code", finding.code())
            .put("name", finding.name())
            .put("reason", finding.reason())
            .put("remedy", finding.remedy());
      }
    }
    ArrayNode broken = root.putArray("problems");
    for (RouteProblem problem : problems) {
      broken
          .addObject()
          .put("file", problem.file())
          .put("line", problem.line())
          .put("column", problem.column())
          .put("reason", problem.reason());
    }
    if (report != null) {
      root.set("types", asJson(report));
    }
    return root;
  }

  private static ObjectNode asJson(TypeCheck.Report report) {
    ObjectNode node = JSON.createObjectNode();
    node.put("records", report.records());
    ArrayNode all = node.putArray("values");
    for (TypeCheck.Values values : report.values()) {
      ObjectNode each = all.addObject();
      each.put("column", values.column());
      each.put("type", values.type());
      each.put("what", values.what().name());
      each.put("count", values.count());
      ArrayNode records = each.putArray("firstRecords");
      values.firstRecords().forEach(records::add);
    }
    report.notCompared().forEach(node.putArray("notCompared")::add);
    report.unread().forEach(node.putArray("unread")::add);
    return node;
  }
}
