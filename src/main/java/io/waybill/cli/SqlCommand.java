package io.waybill.cli;

import io.waybill.app.Access;
import io.waybill.app.WaybillConfig;
import io.waybill.clickhouse.QueryAnswer;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.QueryRequest;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks ClickHouse. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = "Ask the configured ClickHouse, or the embedded one, and print the answer.")
final class SqlCommand extends WaybillCommand {
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
    try (Access access = Access.open(home(), config, new Download(err()));
        QueryAnswer answer =
            access.client().stream(
                new QueryRequest(sql, format(), Map.of(), "", "{\"command\":\"sql\"}", ""))) {
      answer.body().transferTo(System.out);
      System.out.flush();
      return ExitCode.OK;
    } catch (QueryFailedException e) {
      String code = e.code() == 0 ? e.name() : "code " + e.code() + ", " + e.name();
      throw new CommandFailedException(e.getMessage() + " (" + code + ")" + remedy(e.code()));
    }
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
