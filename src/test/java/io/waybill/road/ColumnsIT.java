package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestClickHouse;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Columns of a source that a table has not, or cannot have. */
@Timeout(120)
final class ColumnsIT {
  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void home() {
    home = RoadHome.in(folder);
  }

  @Test
  void aColumnOfWaybillsNameHoldsTheFlowThatWouldMakeATable() {
    home.flow("flow", "createTable=true");
    home.drop("flow", "a.csv", "id,_waybill_batch\n1,mine\n");
    assertThat(home.once().holds())
        .singleElement()
        .asString()
        .contains("the source has a column _waybill_batch")
        .contains("give it another name in the source");
    assertThat(home.flow("flow").hold().orElseThrow().reason()).contains("RESERVED_COLUMN");
    assertThat(home.hasTable("flow")).isFalse();
  }

  @Test
  void aDriftIsToldWithTheNamesOfTheColumns() {
    home.table("flow", "id UInt64").flow("flow", "");
    home.drop("flow", "a.csv", "id,new `one`,other\n1,x,2.5\n");
    assertThat(home.once().holds())
        .singleElement()
        .asString()
        .contains(
            "the source has columns that table "
                + home.database()
                + ".flow has not: new `one`, other")
        .contains("ADD COLUMN `new \\`one\\`` Nullable(String)")
        .contains("ADD COLUMN `other` Nullable(Float64)");
    TestClickHouse.execute(
        "ALTER TABLE %s.flow ADD COLUMN `new \\`one\\`` Nullable(String), ADD COLUMN other Nullable(Float64)"
            .formatted(home.database()));
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows("flow", "* EXCEPT _waybill_batch")).containsExactly("1\tx\t2.5");
  }
}
