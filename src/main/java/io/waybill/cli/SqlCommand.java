package io.waybill.cli;

import io.waybill.app.Access;
import io.waybill.app.PersonStatements;
import io.waybill.app.WaybillConfig;
import io.waybill.clickhouse.QueryAnswer;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.QueryRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks ClickHouse. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "Ask the configured ClickHouse, or the embedded one, and print the answer.",
      "With a policy.yaml it is asked as one of your roles, and says read of each table that it reads"
          + " and write of each one that it changes."
    })
final class SqlCommand extends WaybillCommand {
  private static final String NAME = "sql";
  private static final int WRONG_PASSWORD = 516;

  @Parameters(paramLabel = "SQL", description = "One statement.")
  private String sql;

  @Option(
      names = "--format",
      description =
          "ClickHouse format of the answer; default PrettyCompactMonoBlock on a terminal, else TSVWithNames.")
  private String format;

  @Option(names = "--json", description = "The same as --format JSONEachRow.")
  private boolean json;

  @Override
  int run() throws Exception {
    WaybillConfig config = config();
    PersonStatements statements = new PersonStatements(home(), config, System.getenv());
    PersonStatements.Admitted admitted = statements.admit(NAME, sql, "");
    try (Access access = Access.open(home(), config, new Download(err()));
        QueryAnswer answer =
            access.client(admitted).stream(
                new QueryRequest(
                    sql, format(), admitted.settings(), "", "{\"command\":\"sql\"}", ""))) {
      answer.body().transferTo(System.out);
      System.out.flush();
    } catch (QueryFailedException e) {
      statements.asked(NAME, admitted, e.name());
      String code = e.code() == 0 ? e.name() : "code " + e.code() + ", " + e.name();
      throw new CommandFailedException(e.getMessage() + " (" + code + ")" + remedy(e.code()));
    }
    statements.asked(NAME, admitted, "");
    return ExitCode.OK;
  }

  private static String remedy(int code) {
    return switch (code) {
      case 0 -> "\nstart ClickHouse, or set the right waybill.clickhouse.url";
      case WRONG_PASSWORD ->
          "\nset the right waybill.clickhouse.user and waybill.clickhouse.password";
      default -> "";
    };
  }

  private String format() {
    if (json) {
      return "JSONEachRow";
    }
    if (format != null) {
      return format;
    }
    return onTerminal() ? "PrettyCompactMonoBlock" : "TSVWithNames";
  }
}
