package io.waybill.clickhouse;

import io.waybill.clickhouse.Tables.Table;
import io.waybill.delivery.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks whether a table can keep the promise, without moving data. Expected trouble is a finding,
 * never an exception. Rules: docs/guarantee.md. Thread-safe.
 */
public final class Preflight {
  private static final int ADDRESS_PROBES = 3;
  private final ClickHouseClient client;
  private final Tables tables;
  private final InsertRights inserts;
  private final DeduplicationRules rules;
  private int serversBehindAddress;

  /**
   * By this client.
   *
   * @param horizon for how long tables have to remember tokens
   */
  public Preflight(ClickHouseClient client, Duration horizon) {
    this.client = client;
    this.tables = new Tables(client);
    this.inserts = new InsertRights(client);
    this.rules = new DeduplicationRules(client, horizon);
  }

  /**
   * What the flow asks for.
   *
   * @param createTable whether a table that is not there is made
   * @param provenance whether the column that notes the batch must be there
   * @param role role that the flow writes as; empty for none
   * @param batchRows most rows in a batch
   * @param inFlight batches that may be on their way at once
   * @param exactlyOnce whether the table has to drop what it has already
   */
  public record Wish(
      boolean createTable,
      boolean provenance,
      String role,
      long batchRows,
      int inFlight,
      boolean exactlyOnce) {}

  /** What was found, the worst not first; empty means there was nothing to look at. */
  public List<Finding> look(TableName name, Wish wish) {
    List<Finding> findings = new ArrayList<>();
    try {
      server(findings);
      Optional<Table> table = tables.table(name);
      if (table.isEmpty()) {
        findings.add(missing(name, wish));
        return findings;
      }
      table(table.get(), wish, findings);
    } catch (QueryFailedException e) {
      findings.add(Finding.hold(e, remedy(e)));
    }
    return findings;
  }

  private static String remedy(QueryFailedException e) {
    return switch (e.code()) {
      case 516, 192, 193 -> "set the right waybill.clickhouse.user and waybill.clickhouse.password";
      case 497 -> "grant the user SELECT ON system.tables, system.columns and system.settings";
      case 0 -> "start ClickHouse, or set the right waybill.clickhouse.url";
      default -> "mend the cause in ClickHouse";
    };
  }

  private void server(List<Finding> findings) {
    ServerFacts server = ServerFacts.ask(client);
    if (!server.isAtLeast(ServerFacts.OLDEST)) {
      findings.add(
          Finding.hold(
              "SERVER_TOO_OLD",
              "ClickHouse " + server.version() + " is older than " + ServerFacts.OLDEST,
              "upgrade ClickHouse"));
    } else {
      findings.add(Finding.ok("SERVER", "ClickHouse " + server.version() + " answers"));
    }
  }

  private static Finding missing(TableName name, Wish wish) {
    return wish.createTable()
        ? Finding.ok("TABLE", "table " + name + " will be made from the first records")
        : new Finding(
            Finding.Severity.HOLD,
            60,
            "UNKNOWN_TABLE",
            "there is no table " + name,
            "create it (./waybill init FILE prints how), or add createTable=true to the waybill: URI");
  }

  private void table(Table table, Wish wish, List<Finding> findings) {
    if (wish.batchRows() > BlockSettings.MOST_ROWS) {
      findings.add(
          Finding.hold(
              "BATCH_TOO_LARGE",
              "batchRows=%d is more than a block may have, so that one batch would be several"
                  .formatted(wish.batchRows()),
              "set batchRows to at most " + BlockSettings.MOST_ROWS));
    }
    List<Finding> promises = new ArrayList<>(rules.look(table, wish.inFlight()));
    if (wish.provenance() && !tables.hasProvenance(table.name())) {
      promises.add(withoutProvenance(table));
    }
    severalServers(table).ifPresent(promises::add);
    findings.addAll(
        wish.exactlyOnce() ? promises : promises.stream().map(Preflight::weakened).toList());
    inserts.objection(table.name(), wish.role()).ifPresent(findings::add);
  }

  private static Finding weakened(Finding finding) {
    return finding.severity() == Finding.Severity.HOLD ? finding.asWarning() : finding;
  }

  private static Finding withoutProvenance(Table table) {
    return Finding.hold(
        "NO_PROVENANCE",
        "table " + table.name() + " does not note which batch a row came with",
        "ALTER TABLE %s ADD COLUMN %s; or set waybill.provenance=off, see docs/guarantee.md"
            .formatted(table.name().quoted(), TableDdl.provenanceColumn()));
  }

  /** A plain MergeTree behind a balancer is several tables, each with a window of its own. */
  private Optional<Finding> severalServers(Table table) {
    if (table.engine().startsWith("Replicated") || table.engine().startsWith("Shared")) {
      return Optional.empty();
    }
    int servers = countServers();
    return servers == 1
        ? Optional.empty()
        : Optional.of(
            Finding.hold(
                "SEVERAL_SERVERS",
                "%d servers answer at %s, and table %s is not replicated"
                    .formatted(servers, client.connection().url(), table.name()),
                "name one server in waybill.clickhouse.url, or use a Replicated table"));
  }

  /** Counted once: fresh connections are dear, and what stands behind an address seldom changes. */
  private synchronized int countServers() {
    if (serversBehindAddress == 0) {
      Set<String> servers = new HashSet<>();
      for (int i = 0; i < ADDRESS_PROBES; i++) {
        try (ClickHouseClient fresh = new ClickHouseClient(client.connection(), "preflight")) {
          servers.addAll(fresh.lines("SELECT serverUUID()"));
        }
      }
      serversBehindAddress = servers.size();
    }
    return serversBehindAddress;
  }
}
