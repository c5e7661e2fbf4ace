package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.clickhouse.Finding.Severity;
import io.waybill.clickhouse.Preflight.Wish;
import io.waybill.delivery.TableName;
import io.waybill.testing.TestClickHouse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What preflight finds on a real ClickHouse, and that its remedies are remedies. */
class PreflightIT {
  private static final Wish WISH = new Wish(false, true, "", 250_000, 3);
  private final String database = TestClickHouse.createDatabase();
  private final TableName table = new TableName(database, "t");
  private final ClickHouseClient client = Plans.client();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void aTableThatKeepsThePromiseIsFine() {
    create(table, "PARTITION BY toYYYYMM(d)");
    assertThat(holds(client, WISH)).isEmpty();
  }

  @Test
  void aTableThatIsNotThereIsHeldUnlessItIsToBeMade() {
    assertThat(holds(client, WISH)).extracting(Finding::name).containsExactly("UNKNOWN_TABLE");
    assertThat(holds(client, new Wish(true, true, "", 250_000, 3))).isEmpty();
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
    assertThat(holds(client, new Wish(false, false, "", 250_000, 3)))
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

  private List<Finding> holds(ClickHouseClient as, Wish wish) {
    return new Preflight(as)
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
