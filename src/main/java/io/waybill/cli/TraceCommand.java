package io.waybill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.app.Trace;
import io.waybill.app.Traced;
import io.waybill.audit.AuditField;
import io.waybill.audit.ChainEntry;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.delivery.TableName;
import io.waybill.ledger.BatchRow;
import io.waybill.ledger.RunRow;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes from rows to their source. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description = {
      "Tell where rows of a table came from: batch, run, file and place in it, who and when.",
      "The condition is SQL, and is asked read-only. Without the column _waybill_batch it goes by"
          + " parts and queries, as far as ClickHouse's logs still know them.",
      "With a policy.yaml it needs read of the table."
    })
final class TraceCommand extends WaybillCommand {
  @Parameters(index = "0", paramLabel = "TABLE", description = "database.table")
  private String table;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "WHERE",
      description = "Which rows, such as \"id = 7\"; all of them if it is left out.")
  private String condition = "1";

  @Option(
      names = "--connection",
      paramLabel = "NAME",
      description = "Of waybill.connections.NAME; default is the ClickHouse of the settings.")
  private String connection = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many batches; default ${DEFAULT-VALUE}.",
      defaultValue = "20")
  private int limit;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  int run() {
    if (limit < 1) {
      throw new UsageException("--limit must be at least 1");
    }
    List<Traced> found;
    try {
      String sql = condition.strip().replaceFirst("(?i)^where\\s+", "");
      found =
          Trace.of(
              home(),
              config(),
              System.getenv(),
              new Download(err()),
              new Trace.Question(name(), sql.isEmpty() ? "1" : sql, connection, limit));
    } catch (QueryFailedException e) {
      throw new CommandFailedException(
          "%s (code %d, %s)".formatted(e.getMessage(), e.code(), e.name()));
    }
    if (json) {
      ArrayNode all = new ObjectMapper().createArrayNode();
      found.forEach(each -> all.add(json(each)));
      JsonOutput.print(out(), all);
    } else if (found.isEmpty()) {
      out().println("no rows fit");
    } else {
      found.forEach(each -> print(out(), each));
    }
    return ExitCode.OK;
  }

  private TableName name() {
    try {
      return TableName.parse(table);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private static void print(PrintWriter out, Traced traced) {
    out.println(
        Text.count(traced.rows(), "row")
            + (traced.part().isEmpty() ? "" : " in part " + traced.part())
            + (traced.sure() || traced.queryId().isEmpty()
                ? ""
                : ", maybe of this query: the part was merged of several"));
    if (!traced.loadedFrom().isEmpty()) {
      out.println("  loaded   " + traced.loadedFrom() + " to " + traced.loadedTo());
    }
    traced.lineage().ifPresent(lineage -> print(out, lineage.batch(), lineage.run()));
    traced.paper().ifPresent(paper -> print(out, paper));
    if (traced.lineage().isEmpty() && traced.paper().isEmpty()) {
      out.println(
          traced.token().isEmpty() && traced.queryId().isEmpty()
              ? "  nobody knows: it came without Waybill, or ClickHouse has forgotten it"
              : "  not of this ledger: " + traced.token() + traced.queryId());
    }
    String who = traced.user() + (traced.by().isEmpty() ? "" : ", ordered by " + traced.by());
    if (!who.isEmpty()) {
      out.println("  written  by " + who + (traced.at().isEmpty() ? "" : " at " + traced.at()));
    }
  }

  private static void print(PrintWriter out, BatchRow batch, RunRow run) {
    out.println(
        "  batch    %s (%s), query %s".formatted(batch.id(), batch.state().label(), batch.id()));
    out.println(
        "  run      %s of flow %s, %s".formatted(run.id(), run.flow(), run.state().label()));
    out.println("  source   " + run.location());
    out.println(
        "  place    bytes %d to %d, records %d to %d"
            .formatted(
                batch.position().from(),
                batch.position().to(),
                batch.position().firstRecord(),
                batch.position().firstRecord() + batch.position().records() - 1));
  }

  private static void print(PrintWriter out, ChainEntry paper) {
    out.println(
        "  batch    %s (%s), from waybill.audit: the ledger has forgotten it"
            .formatted(paper.text(AuditField.BATCH), paper.text(AuditField.OUTCOME)));
    out.println(
        "  run      %s of flow %s"
            .formatted(paper.text(AuditField.RUN), paper.text(AuditField.FLOW)));
    out.println("  source   " + paper.text(AuditField.LOCATION));
    out.println(
        "  place    bytes %d to %d, from record %d on"
            .formatted(
                paper.number(AuditField.POSITION_FROM),
                paper.number(AuditField.POSITION_TO),
                paper.number(AuditField.FIRST_RECORD)));
  }

  private static ObjectNode json(Traced traced) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("rows", traced.rows());
    node.put("token", traced.token());
    node.put("part", traced.part());
    node.put("loadedFrom", traced.loadedFrom());
    node.put("loadedTo", traced.loadedTo());
    node.put("queryId", traced.queryId());
    node.put("sure", traced.sure());
    node.put("clickHouseUser", traced.user());
    node.put("writtenAt", traced.at());
    node.put("orderedBy", traced.by());
    traced
        .lineage()
        .ifPresent(
            lineage -> {
              BatchRow batch = lineage.batch();
              node.put("batch", batch.id());
              node.put("batchState", batch.state().label());
              node.put("from", batch.position().from());
              node.put("to", batch.position().to());
              node.put("firstRecord", batch.position().firstRecord());
              node.put("records", batch.position().records());
              node.put("digest", batch.digest());
              node.set("run", JsonOutput.run(lineage.run()));
            });
    traced.paper().ifPresent(paper -> node.set("paper", paper.json()));
    return node;
  }
}
