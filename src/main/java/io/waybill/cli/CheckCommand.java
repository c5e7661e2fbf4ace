package io.waybill.cli;

import io.waybill.app.Check;
import io.waybill.camel.RouteProblem;
import io.waybill.clickhouse.Finding;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.TypeCheck;
import io.waybill.policy.Policy;
import io.waybill.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks configuration, route files and tables. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Check configuration, route files, and for each flow its source, table and rights. Nothing"
            + " is started or written; a process may be running flows meanwhile. Exit code 1 tells"
            + " that --types found values that would change.")
final class CheckCommand extends WaybillCommand {
  @Parameters(
      paramLabel = "ROUTEFILE",
      arity = "0..1",
      description =
          "Only this route file, which need not be in routes/ yet. Default: all that are there.")
  private Path file;

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

  /**
   * What was seen.
   *
   * @param production whether secrets in plain text are refused
   */
  record Seen(
      boolean production,
      List<String> plainSecrets,
      Optional<Vault.Status> vault,
      Policy policy,
      List<String> grants,
      List<Check.Flow> flows,
      List<RouteProblem> problems,
      Optional<TypeCheck.Report> types) {}

  @Override
  int run() throws Exception {
    if (flow != null && types == null) {
      throw new UsageException("--flow says which flow --types FILE means; add --types");
    }
    try (Check check = check()) {
      Seen seen =
          new Seen(
              check.isProduction(),
              check.plainSecrets(),
              check.vault(),
              check.policy(),
              check.grants(),
              check.flows(),
              check.problems(),
              Optional.ofNullable(types == null ? null : look(check)));
      if (json) {
        JsonOutput.print(out(), CheckJson.of(seen));
      } else {
        print(seen);
      }
      return exitCode(seen);
    }
  }

  private Check check() throws Exception {
    if (file == null) {
      return Check.of(home(), config(), new Download(err()));
    }
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UsageException("cannot read " + file);
    }
    return Check.ofFile(home(), config(), new Download(err()), file);
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

  private static int exitCode(Seen seen) {
    if (!seen.problems().isEmpty() || (seen.production() && !seen.plainSecrets().isEmpty())) {
      return ExitCode.USAGE;
    }
    if (seen.flows().stream().anyMatch(Check.Flow::isHeld)) {
      return ExitCode.HELD_OR_FAILED;
    }
    return seen.types().filter(report -> !report.values().isEmpty()).isPresent()
        ? ExitCode.DEAD_LETTERS
        : ExitCode.OK;
  }

  private void print(Seen seen) {
    String severity = seen.production() ? "HOLD" : "WARN";
    seen.plainSecrets().forEach(place -> err().println(severity + " " + place));
    seen.vault().ifPresent(this::print);
    out()
        .println(
            seen.policy().isPresent()
                ? "policy.yaml holds, SHA-256 " + seen.policy().hash()
                : "no policy: everything is allowed");
    seen.grants().forEach(warning -> out().println("  WARN " + warning));
    for (Check.Flow each : seen.flows()) {
      out()
          .println(
              "%s -> %s (%s)"
                  .formatted(
                      each.name(), each.table().map(Object::toString).orElse("?"), each.file()));
      each.findings().forEach(this::print);
    }
    if (seen.flows().isEmpty() && seen.problems().isEmpty()) {
      out().println("no flows; put a route file into " + home().folder().resolve("routes"));
    }
    seen.problems().forEach(problem -> err().println("BROKEN " + problem));
    seen.types().ifPresent(this::print);
    out().flush();
  }

  private void print(Vault.Status vault) {
    out().println("Vault %s, login by %s".formatted(vault.address(), vault.auth()));
    if (!vault.trouble().isEmpty()) {
      out().println("  WARN " + vault.trouble());
    }
    vault.expires().ifPresent(at -> out().println("  OK   logged in until " + Text.time(at)));
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
}
