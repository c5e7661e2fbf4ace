package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.app.Access;
import io.waybill.app.FirstLook;
import io.waybill.app.WaybillConfig;
import io.waybill.batch.Format;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.delivery.TableName;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Suggests a route and a table for a file. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description =
        "Read the first records of a CSV, TSV or NDJSON file, and print a route that delivers it and"
            + " the CREATE TABLE for it. Types are ClickHouse's own inference. Nothing is made.")
final class InitCommand extends WaybillCommand {
  @Parameters(paramLabel = "FILE", description = "A sample; may be packed with gzip or zstd.")
  private Path file;

  @Option(
      names = "--format",
      description =
          "CSV, CSVWithNames, TSV, TSVWithNames or JSONEachRow; default by the file's name.")
  private String format;

  @Option(
      names = "--table",
      paramLabel = "DB.TABLE",
      description = "Target; default staging and the file's name.")
  private String table;

  @Option(
      names = "--order-by",
      paramLabel = "COLUMNS",
      description = "Sorting key, names with commas; chosen when not given.",
      defaultValue = "")
  private String orderBy;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  int run() throws Exception {
    WaybillConfig config = config();
    try {
      Format chosen = chosenFormat();
      TableName target = table == null ? null : TableName.parse(table);
      try (Access access = Access.open(home(), config, new Download(err()))) {
        print(FirstLook.at(file, chosen, target, orderBy, access.client()));
        return ExitCode.OK;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    } catch (QueryFailedException e) {
      throw new CommandFailedException(
          "ClickHouse makes nothing of " + file + ": " + e.getMessage() + " (" + e.name() + ")");
    }
  }

  private Format chosenFormat() {
    return format != null
        ? Format.of(format)
        : Format.ofFileName(file.getFileName().toString())
            .orElseThrow(
                () ->
                    new UsageException(
                        "nothing tells the format of " + file + "; add --format CSVWithNames"));
  }

  private void print(FirstLook look) throws IOException {
    if (json) {
      JsonOutput.print(
          out(),
          new ObjectMapper()
              .createObjectNode()
              .put("flow", look.flow())
              .put("route", look.route())
              .put("createTable", look.createTable())
              .put("orderByBecause", look.why()));
      return;
    }
    out().println("# routes/" + look.flow() + ".camel.yaml");
    out().print(look.route());
    out().println();
    out().println("-- run it with ./waybill sql, or add createTable=true to the route");
    out().println("-- ORDER BY: " + look.why());
    out().println(look.createTable());
    out().flush();
  }
}
