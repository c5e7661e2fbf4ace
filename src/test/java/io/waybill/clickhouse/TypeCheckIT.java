package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.Format;
import io.waybill.delivery.TableName;
import io.waybill.testing.TestClickHouse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Silent changes: that ClickHouse does them, and that they are found before. */
class TypeCheckIT {
  private final ClickHouseClient client = Connections.admin();
  private final TypeCheck check = new TypeCheck(client);
  private final TableName table = new TableName(TestClickHouse.createDatabase(), "t");

  @AfterEach
  void close() {
    client.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UInt8            | 255                     | 300                         | WRAPS",
        "Int8             | -128                    | 128                         | WRAPS",
        "Int64            | 9223372036854775807     | 99999999999999999999        | WRAPS",
        "Nullable(Int32)  | -5                      | 2147483648                  | WRAPS",
        "Date             | 2149-06-06              | 2200-01-01                  | CLIPS",
        "Date             | 1970-01-01              | 1900-01-01                  | CLIPS",
        "Date             | 2024-02-29              | 2026-02-29                  | ROLLS_OVER",
        "Date32           | 1900-01-01              | 1800-01-01                  | CLIPS",
        "DateTime         | 2106-02-07 06:28:15     | 2200-01-01 00:00:00         | CLIPS",
        "DateTime         | 2026-01-01 00:00:00     | 2026-01-01 00:00:00.5       | LOSES_DIGITS",
        "DateTime64(3)    | 2026-01-01 00:00:00.123 | 2026-01-01 00:00:00.1234567 | LOSES_DIGITS",
        "Decimal(5, 2)    | 1.230                   | 1.239                       | LOSES_DIGITS",
        "Float32          | 16777216                | 16777217                    | LOSES_DIGITS",
        "Float64          | 0.1                     | 9007199254740993            | LOSES_DIGITS",
        "Int32            | 0                       | ''                          | BECOMES_DEFAULT"
      })
  void aSilentChangeIsFound(String type, String good, String bad, SilentChange change) {
    create("v " + type + ", w String");
    String records = good + ",a\n" + bad + ",b\n" + good + ",c\n";

    List<TypeFinding> findings = check.check(table, Format.CSV, bytes(records), 1);

    assertThat(findings).containsExactly(new TypeFinding("v", type, change, 1, List.of(2L)));
    assertThat(findings.toString()).doesNotContain(bad.isEmpty() ? "secret" : bad);
    insertAndExpectAnotherValueThan(bad, records);
  }

  @Test
  void jsonAndHeadersAreReadByName() {
    create("a UInt8, b Date DEFAULT '2020-01-01'");
    assertThat(
            check.check(
                table,
                Format.JSON_EACH_ROW,
                bytes("{\"b\":\"2200-01-01\",\"a\":1,\"zz\":[1]}\n{\"a\":256}\n{\"a\":null}\n"),
                101))
        .containsExactlyInAnyOrder(
            new TypeFinding("a", "UInt8", SilentChange.WRAPS, 1, List.of(102L)),
            new TypeFinding("a", "UInt8", SilentChange.BECOMES_DEFAULT, 1, List.of(103L)),
            new TypeFinding("b", "Date", SilentChange.CLIPS, 1, List.of(101L)));
    assertThat(
            check.check(
                table, Format.CSV_WITH_NAMES, bytes("b,a\n2200-01-01,1\n2020-01-01,999\n"), 1))
        .extracting(TypeFinding::column)
        .containsExactly("a", "b");
  }

  @Test
  void manyAreCountedAndTheFirstFewNamedAcrossParts() {
    create("v UInt8");
    byte[] part = bytes("300\n".repeat(70_000));
    List<TypeFinding> all =
        TypeFinding.merge(
            check.check(table, Format.TSV, part, 1), check.check(table, Format.TSV, part, 70_001));
    assertThat(all)
        .containsExactly(
            new TypeFinding(
                "v", "UInt8", SilentChange.WRAPS, 140_000, List.of(1L, 2L, 3L, 4L, 5L)));
  }

  @Test
  void columnsThatCannotChangeAnythingAreNotAskedAbout() {
    create("s String, u UUID");
    assertThat(check.check(table, Format.CSV, bytes("whatever\n"), 1)).isEmpty();
  }

  private void insertAndExpectAnotherValueThan(String bad, String records) {
    client.insert(Plans.plain(table, "CSV", records));
    assertThat(
            TestClickHouse.query(
                "SELECT toString(v) FROM " + table.quoted() + " WHERE w = 'b' FORMAT TSVRaw"))
        .isNotEqualTo(bad);
  }

  private void create(String columns) {
    TestClickHouse.execute(
        "CREATE TABLE "
            + table.quoted()
            + " ("
            + columns
            + ") ENGINE = MergeTree ORDER BY"
            + " tuple()");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
