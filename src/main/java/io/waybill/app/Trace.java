package io.waybill.app;

import io.waybill.audit.AuditField;
import io.waybill.audit.ChainEntry;
import io.waybill.clickhouse.ClickHouseClient;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.RowOrigins;
import io.waybill.clickhouse.RowOrigins.Group;
import io.waybill.clickhouse.RowOrigins.Writer;
import io.waybill.clickhouse.Tables;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.delivery.TableName;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.Lineage;
import io.waybill.ledger.TriggerRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes from rows of a table back to where they came from: by the batch that each row names, or by
 * what ClickHouse's logs still know of their parts.
 */
public final class Trace {
  private final RowOrigins origins;
  private final Tables tables;
  private final ClickHouseTrail papers;
  private final LedgerReader ledger;

  /**
   * Of rows in one ClickHouse.
   *
   * @param own the one that has {@code waybill.audit}
   */
  private Trace(ClickHouseClient client, ClickHouseClient own, LedgerReader ledger) {
    this.origins = new RowOrigins(client);
    this.tables = new Tables(client);
    this.papers = new ClickHouseTrail(own, ledger.id().orElse(""));
    this.ledger = ledger;
  }

  /**
   * What is asked.
   *
   * @param condition SQL of the rows
   * @param connection name of the connection; empty for the default one
   * @param limit most batches or parts that are looked up
   */
  public record Question(TableName table, String condition, String connection, int limit) {}

  /**
   * Answers. With a policy it is asked as a role of who asks, who must be allowed to read the
   * table, and those that the condition reads.
   *
   * @param environment of the process, which tells who asks
   * @return the largest groups of rows first; empty if no row fits the condition
   * @throws DeniedException naming the line of the policy
   * @throws QueryFailedException if ClickHouse refuses the condition or cannot be asked
   */
  public static List<Traced> of(
      Home home,
      WaybillConfig config,
      Map<String, String> environment,
      DownloadListener download,
      Question question) {
    if (config.connections().stream().noneMatch(each -> each.name().equals(question.connection()))
        && !question.connection().isEmpty()) {
      throw new ConfigurationException(List.of("there is no connection " + question.connection()));
    }
    PersonStatements.Admitted admitted =
        new PersonStatements(home, config, environment)
            .admit(
                "trace",
                RowOrigins.rows(question.table(), question.condition()),
                question.connection());
    try (Access access = Access.open(home, config, download);
        LedgerSite site = LedgerSite.of(home, config);
        LedgerReader reader = site.read()) {
      return new Trace(access.client(admitted), access.client(), reader).trace(question);
    }
  }

  private List<Traced> trace(Question question) {
    List<Tables.Column> columns = tables.columns(question.table());
    if (columns.isEmpty()) {
      throw new ConfigurationException(
          List.of("there is no table %s, or it may not be seen".formatted(question.table())));
    }
    boolean named = columns.stream().anyMatch(column -> column.name().equals(Tables.PROVENANCE));
    List<Traced> all = new ArrayList<>();
    if (named) {
      origins
          .byBatch(question.table(), question.condition(), question.limit())
          .forEach(group -> all.add(byToken(group)));
    } else {
      origins
          .byPart(question.table(), question.condition(), question.limit())
          .forEach(group -> all.addAll(byPart(question.table(), group)));
    }
    return all;
  }

  private Traced byToken(Group group) {
    Optional<Lineage> lineage =
        group.key().isEmpty() ? Optional.empty() : ledger.lineage(group.key());
    Optional<ChainEntry> paper =
        lineage.isPresent() || group.key().isEmpty()
            ? Optional.empty()
            : papers.ofToken(group.key());
    return traced(group, group.key(), "", known(lineage, paper), true, lineage, paper);
  }

  private static Writer known(Optional<Lineage> lineage, Optional<ChainEntry> paper) {
    return lineage
        .map(
            each ->
                new Writer(
                    each.batch().id(),
                    each.batch().user(),
                    each.batch().settled().map(Object::toString).orElse("")))
        .or(
            () ->
                paper.map(
                    each ->
                        new Writer(
                            each.text(AuditField.QUERY_ID),
                            each.text(AuditField.CLICKHOUSE_USER),
                            each.time())))
        .orElse(new Writer("", "", ""));
  }

  private List<Traced> byPart(TableName table, Group group) {
    List<String> queries;
    List<Writer> writers;
    try {
      queries = origins.writersOf(table, group.key());
      writers = origins.writers(queries);
    } catch (QueryFailedException e) {
      // the server keeps no such logs, or they may not be read: the parts are what is known
      queries = List.of();
      writers = List.of();
    }
    if (queries.isEmpty()) {
      return List.of(
          traced(
              group,
              "",
              group.key(),
              new Writer("", "", ""),
              false,
              Optional.empty(),
              Optional.empty()));
    }
    List<Traced> all = new ArrayList<>();
    for (String query : queries) {
      Writer writer =
          writers.stream()
              .filter(each -> each.queryId().equals(query))
              .findFirst()
              .orElse(new Writer(query, "", ""));
      all.add(
          traced(
              group,
              "",
              group.key(),
              writer,
              queries.size() == 1,
              ledger.lineage(query),
              Optional.empty()));
    }
    return all;
  }

  private Traced traced(
      Group group,
      String token,
      String part,
      Writer writer,
      boolean sure,
      Optional<Lineage> lineage,
      Optional<ChainEntry> paper) {
    return new Traced(
        token,
        part,
        group.rows(),
        group.loadedFrom(),
        group.loadedTo(),
        writer.queryId(),
        sure,
        writer.user(),
        writer.at(),
        lineage.map(this::orderedBy).orElse(""),
        lineage,
        paper);
  }

  private String orderedBy(Lineage lineage) {
    String trigger = lineage.run().trigger();
    return trigger.isEmpty()
        ? ""
        : ledger.triggersLike(trigger).stream().map(TriggerRow::by).findFirst().orElse("");
  }
}
