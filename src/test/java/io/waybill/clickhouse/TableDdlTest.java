package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.clickhouse.Inference.Inferred;
import io.waybill.delivery.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableDdlTest {
  private static final TableName TABLE = new TableName("d", "t");
  private static final Inferred ID = new Inferred("id", "Nullable(Int64)", false);
  private static final Inferred AT = new Inferred("at", "Nullable(DateTime64(3))", false);
  private static final Inferred GAPS = new Inferred("gaps", "Nullable(Date32)", true);
  private static final Inferred FLOAT = new Inferred("f", "Nullable(Float64)", false);

  @Test
  void sortsByTheFirstTimeThatEveryRowHas() {
    TableDdl ddl = TableDdl.of(TABLE, List.of(GAPS, ID, AT), "", true);

    assertThat(ddl.sql()).contains("ORDER BY (`at`)").contains("`at` DateTime64(3)");
    assertThat(ddl.sql()).contains("`id` Nullable(Int64)");
    assertThat(ddl.why()).startsWith("at is the first time that every row has");
  }

  @Test
  void sortsByTheFirstFullColumnWithoutATime() {
    TableDdl ddl = TableDdl.of(TABLE, List.of(FLOAT, GAPS, ID), "", true);

    assertThat(ddl.sql()).contains("ORDER BY (`id`)");
    assertThat(ddl.why()).startsWith("id is the first column that every row has");
  }

  @Test
  void sortsByNothingWhenNoColumnIsFull() {
    TableDdl ddl = TableDdl.of(TABLE, List.of(GAPS), "", true);

    assertThat(ddl.sql()).contains("ORDER BY tuple()");
    assertThat(ddl.why()).isEqualTo("no column has a value in every row");
  }

  @Test
  void sortsAsOrderBySays() {
    TableDdl ddl = TableDdl.of(TABLE, List.of(ID, AT), " id , at,", true);

    assertThat(ddl.sql()).contains("ORDER BY (`id`, `at`)");
    assertThat(ddl.why()).isEqualTo("as orderBy says");
  }

  @Test
  void refusesToSortByWhatIsNotThere() {
    assertThatThrownBy(() -> TableDdl.of(TABLE, List.of(ID, AT), "id, nope", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("orderBy names nope; the columns are id, at");
  }

  @Test
  void refusesASourceColumnOfTheNameThatWaybillKeeps() {
    List<Inferred> columns = List.of(ID, new Inferred(Tables.PROVENANCE, "String", false));

    assertThatThrownBy(() -> TableDdl.of(TABLE, columns, "", true))
        .isInstanceOf(ReservedColumnException.class)
        .hasMessageContaining("_waybill_batch");
    assertThatThrownBy(() -> TableDdl.of(TABLE, columns, "", false))
        .isInstanceOf(ReservedColumnException.class);
  }

  @Test
  void quotesNames() {
    Inferred odd = new Inferred("a`b\\c d", "Nullable(String)", false);

    assertThat(TableDdl.of(TABLE, List.of(odd), "", false).sql())
        .contains("`a\\`b\\\\c d` String")
        .contains("ORDER BY (`a\\`b\\\\c d`)")
        .doesNotContain(Tables.PROVENANCE);
  }
}
