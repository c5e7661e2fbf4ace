package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.clickhouse.TableDdl;
import io.waybill.testing.TestClickHouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A home with two environments in the tests' ClickHouse, staging and production, each a database,
 * and connections as users who may write one of them alone.
 */
final class PolicyHome {
  private static final String POLICY =
      """
      version: 1
      environments:
        staging:
          tables: ["STAGING.*"]
        production:
          tables: ["PROD.*"]
          approvals: [replay, backfill]
      roles:
        developer:
          read: [staging]
          write: [staging]
          operate: [staging]
          clickhouse: { connection: staging }
          members:
            - local: anna
        ops:
          read: [staging, production]
          write: [production]
          operate: [staging, production]
          administer: true
          clickhouse: { connection: production }
          members:
            - local: olga
      flows:
        default-role: developer
      """;

  private final RoadHome home;
  private final String prod;

  private PolicyHome(RoadHome home) {
    this.home = home;
    this.prod = "prod_" + home.database();
    TestClickHouse.execute("CREATE DATABASE " + prod);
    connection("staging", TestClickHouse.STAGER);
    connection("production", TestClickHouse.PRODUCER);
  }

  static PolicyHome in(Path folder) {
    return new PolicyHome(RoadHome.in(folder)).policy(POLICY);
  }

  PolicyHome connection(String name, String user) {
    home.set("waybill.connections." + name + ".url", TestClickHouse.url())
        .set("waybill.connections." + name + ".user", user)
        .set("waybill.connections." + name + ".password", TestClickHouse.EXTRA_PASSWORD);
    return this;
  }

  RoadHome road() {
    return home;
  }

  String staging() {
    return home.database();
  }

  String prod() {
    return prod;
  }

  /** The policy that a home begins with. */
  static String text() {
    return POLICY;
  }

  /** Puts a policy there at once, with the names of the databases in it. */
  PolicyHome policy(String text) {
    try {
      Path written =
          home.write("policy.new", text.replace("STAGING", staging()).replace("PROD", prod));
      Files.move(
          written,
          home.folder().resolve("policy.yaml"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      return this;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A table that keeps the promise. */
  PolicyHome table(String database, String table) {
    TestClickHouse.execute(
        """
        CREATE TABLE %s.%s (id UInt64, %s) ENGINE = MergeTree ORDER BY tuple()
        SETTINGS non_replicated_deduplication_window = 10000\
        """
            .formatted(database, table, TableDdl.provenanceColumn()));
    return this;
  }

  /** A flow that moves the files of {@code in/FLOW} away when they arrived. */
  PolicyHome flow(String flow, String database, String options) {
    home.route(
        flow,
        """
        - route:
            id: %1$s
            from:
              uri: file:in/%1$s?initialDelay=0&delay=50
              steps:
                - to: waybill:%2$s.%1$s%3$s
        """
            .formatted(flow, database, options.isEmpty() ? "" : "?" + options));
    return this;
  }

  List<String> rows(String database, String table) {
    String answer =
        TestClickHouse.query("SELECT id FROM %s.%s ORDER BY id".formatted(database, table));
    return answer.isEmpty() ? List.of() : List.of(answer.split("\n", -1));
  }

  /** What the trail in ClickHouse has of a kind. */
  List<String> trail(String kind, String columns) {
    String ledger = home.ledger(io.waybill.ledger.LedgerReader::id).orElseThrow();
    String answer =
        TestClickHouse.query(
            "SELECT %s FROM waybill.audit WHERE ledger = '%s' AND kind = '%s' ORDER BY seq"
                .formatted(columns, ledger, kind));
    return answer.isEmpty() ? List.of() : List.of(answer.split("\n", -1));
  }

  /** How many statements a user asked that name this table. */
  long inserts(String user, String database, String table) {
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    String count =
        TestClickHouse.query(
            """
            SELECT count() FROM system.query_log WHERE user = '%s' AND query_kind = 'Insert'
            AND query LIKE '%%%s%%%s%%'\
            """
                .formatted(user, database, table));
    assertThat(count).matches("\\d+");
    return Long.parseLong(count);
  }
}
