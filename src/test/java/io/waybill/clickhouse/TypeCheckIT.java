package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.waybill.batch.CutLimits;
import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.clickhouse.TypeCheck.Report;
import io.waybill.clickhouse.TypeCheck.Values;
import io.waybill.clickhouse.ValueTest.What;
import io.waybill.delivery.TableName;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypeCheckIT {
  private static final CutLimits LIMITS = new CutLimits(1000, 1 << 20, 1 << 20);
  @TempDir private Path folder;

  private static TableName table(String columns) {
    TableName table = new TableName(TestClickHouse.createDatabase(), "t");
    TestClickHouse.execute(
        "CREATE TABLE "
            + table.quoted()
            + " ("
            + columns
            + ") ENGINE = MergeTree ORDER BY tuple()");
    return table;
  }

  private Report look(TableName table, Format format, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("f"), text);
    try (ClickHouseClient client = Plans.client()) {
      return new TypeCheck(client).look(table, format, new FileSource(file, "f"), LIMITS);
    }
  }

  /** The value as ClickHouse stores it in the insert that Waybill sends; null if it refuses. */
  private static String stored(TableName table, String value) {
    try (ClickHouseClient client = Plans.client()) {
      return Plans.send(client, Plans.plan(table, Format.TSV), 1, value + "\n") == null
          ? TestClickHouse.query("SELECT toString(v) FROM " + table.quoted())
          : null;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Int8 | 128",
        "Int8 | -129",
        "UInt8 | 256",
        "Int32 | 2147483648",
        "UInt32 | 99999999999",
        "Nullable(UInt16) | 65536",
        "LowCardinality(Nullable(String)) | ",
        "UInt64 | 18446744073709551616",
        "Int64 | 9223372036854775808",
        "Date | 1969-12-31",
        "Date | 2149-06-07",
        "Date32 | 1899-12-31",
        "Date32 | 2300-01-01",
        "DateTime | 1969-12-31 00:00:00",
        "DateTime | 2150-01-01 00:00:00",
        "DateTime64(3) | 1800-01-01 00:00:00",
      })
  void reportsWhatWouldBeStoredAsSomethingElse(String type, String value) throws IOException {
    if (value == null) {
      return;
    }
    TableName table = table("v " + type);
    assertThat(stored(table, value)).isNotNull().isNotEqualTo(value);
    assertThat(look(table, Format.TSV, value + "\n").values())
        .extracting(Values::what)
        .containsExactly(What.OUT_OF_RANGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Decimal(9, 2) | 1.256",
        "DateTime64(3) | 2024-01-01 00:00:00.1234",
        "Float32 | 16777217",
        "Float32 | 0.1234567890123",
        "Float64 | 9007199254740993"
      })
  void reportsDigitsThatWouldBeLost(String type, String value) throws IOException {
    TableName table = table("v " + type);
    assertThat(stored(table, value)).isNotNull().isNotEqualTo(value);
    assertThat(look(table, Format.TSV, value + "\n").values())
        .extracting(Values::what)
        .containsExactly(What.DIGITS_LOST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"Decimal(9, 2) | 12345678.25", "Decimal(4, 4) | 1.5", "FixedString(3) | four"})
  void reportsWhatWouldBeRefusedAsTooLarge(String type, String value) throws IOException {
    TableName table = table("v " + type);
    assertThat(stored(table, value)).isNull();
    assertThat(look(table, Format.TSV, value + "\n").values())
        .extracting(Values::what)
        .containsExactly(What.REFUSED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Int8 | -128",
        "Int8 | 127",
        "UInt8 | 255",
        "UInt32 | 4294967295",
        "Int64 | -9223372036854775808",
        "UInt64 | 18446744073709551615",
        "UInt256 | 5",
        "Date | 1970-01-01",
        "Date | 2149-06-06",
        "Date32 | 1900-01-01",
        "Date32 | 2299-12-31",
        "DateTime | 2106-02-06 00:00:00",
        "DateTime64(3) | 2299-12-31 00:00:00.125",
        "Decimal(9, 2) | 1234567.25",
        "Decimal(4, 4) | 0.5",
        "Float32 | 0.1",
        "Float32 | 16777216",
        "Float64 | 9007199254740992",
        "FixedString(3) | abc",
        "String | anything",
        "Nullable(Int8) | \\N"
      })
  void isSilentOnWhatArrivesAsItIs(String type, String value) throws IOException {
    TableName table = table("v " + type);
    assertThat(stored(table, value)).isNotNull();
    Report report = look(table, Format.TSV, value + "\n");
    assertThat(report.values()).isEmpty();
    assertThat(report.notCompared()).isEmpty();
    assertThat(report.unread()).isEmpty();
  }

  @Test
  void countsOverBatchesAndNamesTheFirstRecordsOfTheFile() throws IOException {
    TableName table = table("a UInt8, b String, c Array(UInt8)");
    StringBuilder csv = new StringBuilder("b,a\n");
    for (int i = 1; i <= 5000; i++) {
      csv.append("text,").append(i % 1500 == 0 ? 300 : 7).append('\n');
    }

    Report report = look(table, Format.CSV_WITH_NAMES, csv.toString());

    assertThat(report.records()).isEqualTo(5000);
    assertThat(report.values())
        .containsExactly(
            new Values("a", "UInt8", What.OUT_OF_RANGE, 3, List.of(1500L, 3000L, 4500L)));
    assertThat(report.notCompared()).containsExactly("c Array(UInt8)");
  }

  @ParameterizedTest
  @CsvSource({"JSON_EACH_ROW", "CSV", "CSV_WITH_NAMES", "TSV", "TSV_WITH_NAMES"})
  void readsEveryFormat(Format format) throws IOException {
    TableName table = table("`the id` UInt8, `when?` Date, n Nullable(Int16)");
    String text =
        switch (format) {
          case JSON_EACH_ROW ->
              """
              {"the id":1,"when?":"2024-01-01","n":null,"other":{"x":[1]}}
              {"the id":256,"when?":"1950-01-01","n":40000}
              """;
          case CSV -> "1,2024-01-01,\n256,\"1950-01-01\",40000\n";
          case CSV_WITH_NAMES -> "when?,the id,n\n2024-01-01,1,\n1950-01-01,256,40000\n";
          case TSV -> "1\t2024-01-01\t\\N\n256\t1950-01-01\t40000\n";
          case TSV_WITH_NAMES -> "n\tthe id\twhen?\n\\N\t1\t2024-01-01\n40000\t256\t1950-01-01\n";
        };

    assertThat(look(table, format, text).values())
        .extracting(Values::column, Values::count, Values::firstRecords)
        .containsExactlyInAnyOrder(
            tuple("the id", 1L, List.of(2L)),
            tuple("when?", 1L, List.of(2L)),
            tuple("n", 1L, List.of(2L)));
  }

  @Test
  void tellsWhichRecordsItCouldNotReadWithoutTheirValues() throws IOException {
    Report report = look(table("a UInt8, b String"), Format.CSV, "1,x\n2,\"canary7f3a' \\\n,3\n");
    assertThat(report.toString()).doesNotContain("canary7f3a");
  }
}
