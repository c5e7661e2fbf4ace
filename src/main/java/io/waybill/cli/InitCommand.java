package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.waybill.app.Access;
import io.waybill.app.Example;
import io.waybill.app.FirstLook;
import io.waybill.app.WaybillConfig;
import io.waybill.batch.Format;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.delivery.TableName;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Suggests a route and a table for a file. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description =
        "Read the first records of a CSV, TSV or NDJSON file, and print a route that delivers it and"
            + " the CREATE TABLE for it; or print an example, such as kafka. Types are ClickHouse's"
            + " own inference. Nothing is made, unless --write says so.")
final class InitCommand extends WaybillCommand {
  @Parameters(
      paramLabel = "FILE|EXAMPLE",
      arity = "0..1",
      description =
          "A sample, which may be packed with gzip or zstd; or the name of an example. A file that"
              + " is there wins.")
  private Path file;

  @Option(names = "--list", description = "List the examples.")
  private boolean list;

  @Option(
      names = "--write",
      description =
          "Write the example into routes/ of the home, where it runs; a file that is there stays.")
  private boolean write;

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
    if (list) {
      list();
      return ExitCode.OK;
    }
    if (file == null) {
      throw new UsageException("name a file or an example; " + names());
    }
    if (!Files.exists(file)) {
      example(Example.of(file.toString()).orElseThrow(this::neither));
      return ExitCode.OK;
    }
    if (write) {
      throw new UsageException("--write is for examples, and " + file + " is a file");
    }
    return look();
  }

  private void list() {
    if (json) {
      ArrayNode all = new ObjectMapper().createArrayNode();
      Example.all()
          .forEach(each -> all.addObject().put("example", each.name()).put("about", each.about()));
      JsonOutput.print(out(), all);
      return;
    }
    Text.table(
            List.of("EXAMPLE", "ABOUT"),
            Example.all().stream().map(each -> List.of(each.name(), each.about())).toList())
        .forEach(out()::println);
    out().flush();
  }

  private static String names() {
    return "there are the examples "
        + Example.all().stream().map(Example::name).collect(Collectors.joining(", "));
  }

  private UsageException neither() {
    return new UsageException("there is no file " + file + "; " + names());
  }

  private void example(Example example) throws IOException {
    if (write) {
      try {
        Path written = example.writeTo(home());
        out()
            .println(
                "written to " + written + "; edit it, and ./waybill check tells what is missing");
      } catch (FileAlreadyExistsException e) {
        throw new UsageException(e.getFile() + " is there already, and stays as it is");
      }
    } else if (json) {
      JsonOutput.print(
          out(),
          new ObjectMapper()
              .createObjectNode()
              .put("example", example.name())
              .put("route", example.text()));
    } else {
      out().print(example.text());
    }
    out().flush();
  }

  private int look() throws Exception {
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
