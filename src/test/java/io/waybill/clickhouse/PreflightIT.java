package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.clickhouse.Finding.Severity;
import io.waybill.clickhouse.Preflight.Wish;
import io.waybill.delivery.TableName;
import io.waybill.testing.TestClickHouse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What preflight finds on a real ClickHouse, and that its remedies are remedies. */
class PreflightIT {
  private static final Wish WISH = new Wish(false, true, "", 250_000, 3, true);
  private final String database = TestClickHouse.createDatabase();
  private final TableName table = new TableName(database, "t");
  private final ClickHouseClient client = Plans.client();
  private final ClickHouseClient foreground = Plans.clientOf(TestClickHouse.FOREGROUND);

  @AfterEach
  void close() {
    client.close();
    foreground.close();
  }

  @Test
  void aTableThatKeepsThePromiseIsFine() {
    create(table, "PARTITION BY toYYYYMM(d)");
    assertThat(holds(client, WISH)).isEmpty();
  }

  @Test
  void aTableThatIsNotThereIsHeldUnlessItIsToBeMade() {
    assertThat(holds(client, WISH)).extracting(Finding::name).containsExactly("UNKNOWN_TABLE");
    assertThat(holds(client, new Wish(true, true, "", 250_000, 3, true))).isEmpty();
  }

  @Test
  void theRemediesForWindowAndColumnWorkAsTheyArePrinted() {
    TestClickHouse.execute(
        "CREATE TABLE " + table.quoted() + " (id Int64) ENGINE = MergeTree ORDER BY id");
    List<Finding> held = holds(client, WISH);
    assertThat(held)
        .extracting(Finding::name)
        .containsExactlyInAnyOrder("NO_WINDOW", "NO_PROVENANCE");
    held.forEach(finding -> TestClickHouse.execute(finding.remedy().replaceFirst(";.*", "")));
    assertThat(holds(client, WISH)).isEmpty();
  }

  @Test
  void theTargetsOfViewsNeedAWindowTooHoweverFarAway() {
    create(table, "");
    TestClickHouse.execute(
        "CREATE TABLE "
            + database
            + ".middle (id Int64) ENGINE = MergeTree ORDER BY id"
            + " SETTINGS non_replicated_deduplication_window = 100");
    TestClickHouse.execute(
        "CREATE MATERIALIZED VIEW "
            + database
            + ".v1 TO "
            + database
            + ".middle AS SELECT id FROM "
            + table.quoted());
    TestClickHouse.execute(
        "CREATE MATERIALIZED VIEW "
            + database
            + ".v2 ENGINE = MergeTree ORDER BY id AS SELECT id"
            + " FROM "
            + database
            + ".middle");
    List<Finding> held = holds(client, WISH);
    assertThat(held).extracting(Finding::name).containsExactly("NO_WINDOW");
    assertThat(held.get(0).reason()).contains(".inner_id.");
    TestClickHouse.execute(held.get(0).remedy());
    assertThat(holds(client, WISH)).isEmpty();
  }

  @Test
  void anEngineThatForgetsIsHeld() {
    TestClickHouse.execute("CREATE TABLE " + table.quoted() + " (id Int64) ENGINE = Memory");
    assertThat(holds(client, new Wish(false, false, "", 250_000, 3, true)))
        .extracting(Finding::name)
        .containsExactly("ENGINE");
  }

  @Test
  void aPartitionKeyThatIsAnotherOneEachTimeIsHeld() {
    TestClickHouse.execute(
        "CREATE TABLE "
            + table.quoted()
            + " (id Int64, at DateTime MATERIALIZED now(), "
            + TableDdl.provenanceColumn()
            + ") ENGINE = MergeTree PARTITION BY toStartOfMinute(at) ORDER BY id"
            + " SETTINGS non_replicated_deduplication_window = 100");
    assertThat(holds(client, WISH)).extracting(Finding::name).containsExactly("PARTITION_KEY");
  }

  @Test
  void whoMayNotInsertIsToldTheGrant() {
    create(table, "");
    try (ClickHouseClient reader = Plans.clientOf(TestClickHouse.READER)) {
      assertThat(holds(reader, WISH))
          .anySatisfy(
              finding -> {
                assertThat(finding.code()).isEqualTo(497);
                assertThat(finding.remedy())
                    .isEqualTo("GRANT INSERT ON " + table.quoted() + " TO `reader`");
              });
    }
    try (ClickHouseClient writer = Plans.clientOf(TestClickHouse.WRITER)) {
      assertThat(holds(writer, WISH)).isEmpty();
    }
  }

  @Test
  void aWrongPasswordOrAddressIsAFindingAndNoException() {
    try (ClickHouseClient wrong =
            Plans.client(TestClickHouse.url(), TestClickHouse.user(), "wrong");
        ClickHouseClient nowhere = Plans.client("http://127.0.0.1:1", "u", "p")) {
      assertThat(holds(wrong, WISH))
          .singleElement()
          .satisfies(finding -> assertThat(finding.code()).isEqualTo(516));
      assertThat(holds(nowhere, WISH))
          .singleElement()
          .satisfies(finding -> assertThat(finding.name()).isEqualTo("CONNECTION_REFUSED"));
    }
  }

  private List<Finding> all(Wish wish) {
    return new Preflight(client, Duration.ofDays(7)).look(table, wish);
  }

  @Test
  void aTableThatKeepsNothingNeedsViewsThatDo() {
    TestClickHouse.execute(
        "CREATE TABLE %s (id Int64, %s) ENGINE = Null"
            .formatted(table.quoted(), TableDdl.provenanceColumn()));
    assertThat(holds(client, WISH)).extracting(Finding::name).containsExactly("ENGINE");
    TestClickHouse.execute(
        "CREATE MATERIALIZED VIEW %s.v ENGINE = MergeTree ORDER BY id AS SELECT id FROM %s"
            .formatted(database, table.quoted()));
    List<Finding> held = holds(client, WISH);
    assertThat(held).extracting(Finding::name).containsExactly("NO_WINDOW");
    TestClickHouse.execute(held.get(0).remedy());
    assertThat(holds(client, WISH)).isEmpty();
  }

  @Test
  void aBatchThatWouldBeSeveralBlocksIsHeld() {
    create(table, "");
    assertThat(holds(client, new Wish(false, true, "", BlockSettings.MOST_ROWS + 1, 3, true)))
        .extracting(Finding::name)
        .containsExactly("BATCH_TOO_LARGE");
    assertThat(holds(client, new Wish(false, true, "", BlockSettings.MOST_ROWS, 3, true)))
        .isEmpty();
  }

  @Test
  void aSmallWindowIsAWarningWithItsSizeAndOthersInsertsCount() {
    create(table, "");
    TestClickHouse.execute(
        "ALTER TABLE %s MODIFY SETTING non_replicated_deduplication_window = 100"
            .formatted(table.quoted()));
    Finding small = warning("SMALL_WINDOW");
    assertThat(small.reason()).contains("= 100 and needs 10000");
    TestClickHouse.execute(small.remedy());
    assertThat(all(WISH)).extracting(Finding::name).doesNotContain("SMALL_WINDOW");
    // one insert of 60 parts by somebody else
    TestClickHouse.execute(
        "CREATE TABLE %s.u AS %s PARTITION BY id %% 60 ORDER BY id"
            .formatted(database, table.quoted()));
    TestClickHouse.execute(
        "INSERT INTO %s.u (id) SELECT number FROM numbers(60)".formatted(database));
    TestClickHouse.execute("SYSTEM FLUSH LOGS part_log");
    TableName other = new TableName(database, "u");
    assertThat(
            new Preflight(client, Duration.ofDays(7))
                .look(other, new Wish(false, true, "", 250_000, 1000, true)))
        .filteredOn(finding -> finding.name().equals("SMALL_WINDOW"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.remedy()).endsWith(" = 10060"));
  }

  private Finding warning(String name) {
    List<Finding> found =
        all(WISH).stream().filter(finding -> finding.name().equals(name)).toList();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).severity()).isEqualTo(Severity.WARN);
    return found.get(0);
  }

  @Test
  void aDistributedTableIsLookedThrough() {
    create(new TableName(database, "local"), "");
    distributed("one_shard", "id");
    assertThat(names(holds(client, WISH))).containsExactly("ENGINE");
    distributed("one_shard", "rand()");
    assertThat(names(holds(foreground, WISH))).containsExactly("SHARDING_KEY");
    distributed("one_shard", "cityHash64(id)");
    assertThat(holds(foreground, WISH)).isEmpty();
    TestClickHouse.execute(
        "ALTER TABLE %s.local MODIFY SETTING non_replicated_deduplication_window = 0"
            .formatted(database));
    assertThat(names(holds(foreground, WISH))).containsExactly("NO_WINDOW");
    TestClickHouse.execute("DROP TABLE %s.local".formatted(database));
    assertThat(names(new Preflight(foreground, Duration.ofDays(7)).look(table, WISH)))
        .contains("SHARDS");
  }

  @Test
  void replicasThatADistributedTableWritesEachByItselfAreHeld() {
    create(new TableName(database, "local"), "");
    distributed("each_by_itself", "id");
    assertThat(names(holds(foreground, WISH))).containsExactly("INTERNAL_REPLICATION");
  }

  private void distributed(String cluster, String key) {
    TestClickHouse.execute("DROP TABLE IF EXISTS " + table.quoted());
    TestClickHouse.execute(
        "CREATE TABLE %s (id Int64, %s) ENGINE = Distributed('%s', '%s', 'local', %s)"
            .formatted(table.quoted(), TableDdl.provenanceColumn(), cluster, database, key));
  }

  private static List<String> names(List<Finding> findings) {
    return findings.stream().map(Finding::name).toList();
  }

  @Test
  void withLessPromisedWhatKeepsThePromiseIsAWarning() {
    TestClickHouse.execute("CREATE TABLE " + table.quoted() + " (id Int64) ENGINE = Memory");
    assertThat(holds(client, WISH)).isNotEmpty();
    assertThat(holds(client, new Wish(false, true, "", 250_000, 3, false))).isEmpty();
    assertThat(all(new Wish(false, true, "", 250_000, 3, false)))
        .extracting(Finding::name)
        .contains("ENGINE", "NO_PROVENANCE");
  }

  private List<Finding> holds(ClickHouseClient as, Wish wish) {
    return new Preflight(as, Duration.ofDays(7))
        .look(table, wish).stream().filter(finding -> finding.severity() == Severity.HOLD).toList();
  }

  private static void create(TableName name, String partition) {
    TestClickHouse.execute(
        "CREATE TABLE "
            + name.quoted()
            + " (id Int64, d Date, "
            + TableDdl.provenanceColumn()
            + ") ENGINE = MergeTree "
            + partition
            + " ORDER BY id SETTINGS non_replicated_deduplication_window = 100");
  }
}
