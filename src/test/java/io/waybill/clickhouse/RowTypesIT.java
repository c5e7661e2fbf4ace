package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.Format;
import io.waybill.batch.row.JsonOut;
import io.waybill.batch.row.RowColumn;
import io.waybill.batch.row.RowEncoder;
import io.waybill.batch.row.RowMisfit;
import io.waybill.delivery.Failure;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Verdict;
import io.waybill.testing.TestClickHouse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of Java in columns of every type, as ClickHouse itself reads them back. */
class RowTypesIT {
  private static final Instant AT = Instant.parse("2024-02-29T23:59:58.123456789Z");

  private static TableName table(String columns) {
    TableName table = new TableName(TestClickHouse.createDatabase(), "t");
    TestClickHouse.execute(
        "CREATE TABLE %s (%s) ENGINE = MergeTree ORDER BY tuple() SETTINGS non_replicated_deduplication_window = 100"
            .formatted(table.quoted(), columns));
    return table;
  }

  private static RowEncoder encoder(TableName table) {
    try (ClickHouseClient client = Plans.client()) {
      List<RowColumn> columns =
          new Tables(client)
              .columns(table).stream()
                  .map(column -> new RowColumn(column.name(), column.type()))
                  .toList();
      return new RowEncoder(columns, UnaryOperator.identity());
    }
  }

  private static String text(JsonOut out) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      out.drainTo(bytes);
      return bytes.toString(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Failure send(TableName table, JsonOut rows) {
    try (ClickHouseClient client = Plans.client()) {
      return Plans.send(
          client,
          Plans.plan(table, Format.JSON_EACH_ROW),
          1,
          text(rows).getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static Arguments fits(String type, Object value, String expression) {
    return Arguments.of(type, value, expression);
  }

  static Stream<Arguments> values() throws Exception {
    byte[] bytes = HexFormat.of().parseHex("00ff0a22");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("a", 1);
    document.put("b", List.of("x", "y\n\"z"));
    return Stream.of(
        fits("Int8", (byte) -128, "toInt8(-128)"),
        fits("UInt8", 255, "toUInt8(255)"),
        fits("Int16", (short) -32768, "toInt16(-32768)"),
        fits("UInt16", 65535, "toUInt16(65535)"),
        fits("Int32", Integer.MIN_VALUE, "toInt32(-2147483648)"),
        fits("UInt32", 4294967295L, "toUInt32(4294967295)"),
        fits("Int64", Long.MIN_VALUE, "toInt64(-9223372036854775808)"),
        fits("Int64", Long.MAX_VALUE, "9223372036854775807"),
        fits("UInt64", new BigInteger("18446744073709551615"), "18446744073709551615"),
        fits(
            "Int128",
            BigInteger.ONE.shiftLeft(127).negate(),
            "toInt128('-170141183460469231731687303715884105728')"),
        fits(
            "UInt128",
            BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE),
            "toUInt128('340282366920938463463374607431768211455')"),
        fits(
            "Int256",
            BigInteger.ONE.shiftLeft(255).negate(),
            "toInt256('-57896044618658097711785492504343953926634992332820282019728792003956564819968')"),
        fits(
            "UInt256",
            BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE),
            "toUInt256('115792089237316195423570985008687907853269984665640564039457584007913129639935')"),
        fits("UInt16", " 42 ", "42"),
        fits("UInt16", 42.0, "42"),
        fits("Int32", true, "1"),
        fits("Float32", 1.1f, "toFloat32(1.1)"),
        fits("Float64", Math.PI, "pi()"),
        fits("Float64", 1e300, "1e300"),
        fits("Float64", Double.MIN_VALUE, "4.9e-324"),
        fits("Float64", Double.NEGATIVE_INFINITY, "-inf"),
        fits("Float64", "nan", "nan"),
        fits("Float64", new BigDecimal("0.5"), "0.5"),
        fits("BFloat16", 1.5, "toBFloat16(1.5)"),
        fits("Decimal(9, 2)", new BigDecimal("-1234567.89"), "toDecimal32('-1234567.89', 2)"),
        fits("Decimal(18, 4)", 12.5, "toDecimal64('12.5', 4)"),
        fits(
            "Decimal(38, 10)",
            "1234567890123456789012345678.0123456789",
            "toDecimal128('1234567890123456789012345678.0123456789', 10)"),
        fits(
            "Decimal(76, 0)",
            new BigInteger("9".repeat(76)),
            "toDecimal256('" + "9".repeat(76) + "', 0)"),
        fits("Bool", true, "true"),
        fits("Bool", 0, "false"),
        fits("Bool", "true", "true"),
        fits("String", "x\t\"\\\u0001\n€ 𝄞", "unhex('" + hex("x\t\"\\\u0001\n€ 𝄞") + "')"),
        fits("String", bytes, "unhex('00ff0a22')"),
        fits("String", 1.5, "'1.5'"),
        fits(
            "String",
            UUID.fromString("61f0c404-5cb3-11e7-907b-a6006ad3dba0"),
            "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'"),
        fits("String", Map.of("a", List.of(1, "b")), "'{\"a\":[1,\"b\"]}'"),
        fits("FixedString(4)", "ab", "toFixedString('ab', 4)"),
        fits("FixedString(4)", bytes, "toFixedString(unhex('00ff0a22'), 4)"),
        fits("Date", LocalDate.of(1970, 1, 1), "toDate('1970-01-01')"),
        fits("Date", LocalDate.of(2149, 6, 6), "toDate('2149-06-06')"),
        fits("Date", LocalDateTime.of(2024, 2, 29, 0, 0), "toDate('2024-02-29')"),
        fits("Date", 19782, "toDate('2024-02-29')"),
        fits("Date", "2024-02-29", "toDate('2024-02-29')"),
        fits("Date32", LocalDate.of(1900, 1, 1), "toDate32('1900-01-01')"),
        fits("Date32", LocalDate.of(2299, 12, 31), "toDate32('2299-12-31')"),
        fits("DateTime", AT, "toDateTime('2024-02-29 23:59:58', 'UTC')"),
        fits("DateTime('Asia/Tokyo')", AT, "toDateTime('2024-02-29 23:59:58', 'UTC')"),
        fits(
            "DateTime('Asia/Tokyo')",
            LocalDateTime.of(2024, 3, 1, 8, 59, 58),
            "toDateTime('2024-02-29 23:59:58', 'UTC')"),
        fits(
            "DateTime('Europe/Berlin')",
            ZonedDateTime.parse("2024-10-27T02:30:00+01:00[Europe/Berlin]"),
            "toDateTime('2024-10-27 01:30:00', 'UTC')"),
        fits(
            "DateTime('Europe/Berlin')",
            ZonedDateTime.parse("2024-10-27T02:30:00+02:00[Europe/Berlin]"),
            "toDateTime('2024-10-27 00:30:00', 'UTC')"),
        fits("DateTime", 1709251198L, "toDateTime('2024-02-29 23:59:58', 'UTC')"),
        fits("DateTime", Instant.EPOCH, "toDateTime(0)"),
        fits("DateTime", Instant.ofEpochSecond(4294967295L), "toDateTime(4294967295)"),
        fits("DateTime", "2024-02-29T23:59:58Z", "toDateTime('2024-02-29 23:59:58', 'UTC')"),
        fits("DateTime64(3)", AT, "toDateTime64('2024-02-29 23:59:58.123', 3, 'UTC')"),
        fits("DateTime64(3)", Date.from(AT), "toDateTime64('2024-02-29 23:59:58.123', 3, 'UTC')"),
        fits(
            "DateTime64(6, 'America/New_York')",
            OffsetDateTime.parse("2024-02-29T23:59:58.123456+00:00"),
            "toDateTime64('2024-02-29 23:59:58.123456', 6, 'UTC')"),
        fits(
            "DateTime64(6, 'America/New_York')",
            LocalDateTime.parse("2024-02-29T23:59:58.000001"),
            "toDateTime64('2024-02-29 23:59:58.000001', 6, 'America/New_York')"),
        fits("DateTime64(9)", AT, "toDateTime64('2024-02-29 23:59:58.123456789', 9, 'UTC')"),
        fits("DateTime64(0)", AT, "toDateTime64('2024-02-29 23:59:58', 0, 'UTC')"),
        fits(
            "DateTime64(3)",
            Instant.parse("1950-07-01T12:30:00.250Z"),
            "toDateTime64('1950-07-01 12:30:00.250', 3, 'UTC')"),
        fits(
            "DateTime64(3)",
            Instant.parse("2299-12-31T23:59:59.999Z"),
            "toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC')"),
        fits(
            "DateTime64(3)",
            Instant.parse("1900-01-01T00:00:00Z"),
            "toDateTime64('1900-01-01 00:00:00.000', 3, 'UTC')"),
        fits(
            "UUID",
            UUID.fromString("61f0c404-5cb3-11e7-907b-a6006ad3dba0"),
            "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')"),
        fits("IPv4", InetAddress.getByName("192.0.2.7"), "toIPv4('192.0.2.7')"),
        fits("IPv4", "192.0.2.7", "toIPv4('192.0.2.7')"),
        fits("IPv6", InetAddress.getByName("2001:db8::1"), "toIPv6('2001:db8::1')"),
        fits(
            "Enum8('a' = 1, 'b, (c' = 2)", "b, (c", "CAST('b, (c' AS Enum8('a' = 1, 'b, (c' = 2))"),
        fits("Enum16('x' = -5)", -5, "CAST('x' AS Enum16('x' = -5))"),
        fits("LowCardinality(String)", "x", "'x'"),
        fits("LowCardinality(Nullable(String))", "x", "'x'"),
        fits("Nullable(Int32)", 7, "7"),
        fits("Array(UInt16)", List.of(1, 2), "[1, 2]"),
        fits("Array(UInt16)", new int[] {1, 2}, "[1, 2]"),
        fits("Array(Nullable(String))", Arrays.asList("a", null), "['a', NULL]"),
        fits(
            "Array(Array(DateTime('UTC')))",
            List.of(List.of(AT)),
            "[[toDateTime('2024-02-29 23:59:58', 'UTC')]]"),
        fits("Array(String)", new String[0], "[]"),
        fits("Map(String, UInt8)", Map.of("k\"", 1), "map('k\"', 1)"),
        fits("Map(UInt32, Array(String))", Map.of(7, List.of("x")), "map(7, ['x'])"),
        fits(
            "Map(Date, Bool)",
            Map.of(LocalDate.of(2024, 2, 29), true),
            "map(toDate('2024-02-29'), true)"),
        fits("Tuple(UInt8, String)", List.of(1, "x"), "(1, 'x')"),
        fits(
            "Tuple(a UInt8, b Tuple(c String))",
            Map.of("a", 1, "b", Map.of("c", "x")),
            "(1, tuple('x'))"),
        fits("Tuple(`a b` UInt8, c Array(UInt8))", List.of(1, List.of(2)), "(1, [2])"),
        fits("SimpleAggregateFunction(max, UInt32)", 9, "9"),
        fits("JSON", document, "CAST('{\"a\":1,\"b\":[\"x\",\"y\\\\n\\\\\"z\"]}' AS JSON)"),
        fits("JSON", "{\"a\": {\"b\": 1}}", "CAST('{\"a\":{\"b\":1}}' AS JSON)"),
        fits("Variant(UInt64, String)", "x", "CAST('x' AS Variant(UInt64, String))"),
        fits("Dynamic", 5, "CAST(5 AS Dynamic)"),
        fits("Time", LocalTime.of(23, 59, 58), "CAST('23:59:58' AS Time)"),
        fits(
            "Time64(3)",
            LocalTime.of(23, 59, 58, 123_000_000),
            "CAST('23:59:58.123' AS Time64(3))"),
        fits("Point", List.of(1.5, 2.5), "(1.5, 2.5)"));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("values")
  void whatIsWrittenIsRead(String type, Object value, String expression) {
    TableName table = table("v " + type);
    JsonOut out = new JsonOut();
    assertThat(encoder(table).write(Map.of("v", value), out)).isZero();
    assertThat(send(table, out)).isNull();
    assertThat(
            TestClickHouse.query(
                "SELECT toString(v), toString(CAST(%s AS %s)) FROM %s"
                    .formatted(expression, type, table.quoted())))
        .satisfies(
            both -> {
              String[] sides = both.split("\t", -1);
              assertThat(sides[0]).isEqualTo(sides[1]);
            });
  }

  static Stream<Arguments> misfits() {
    return Stream.of(
        Arguments.of("UInt8", 256),
        Arguments.of("UInt8", -1),
        Arguments.of("Int8", "128"),
        Arguments.of("Int64", new BigInteger("9223372036854775808")),
        Arguments.of("UInt64", -1L),
        Arguments.of("UInt256", BigInteger.ONE.shiftLeft(256)),
        Arguments.of("Int32", 1.5),
        Arguments.of("Int32", "one"),
        Arguments.of("Int32", List.of(1)),
        Arguments.of("Int32", new BigDecimal("1e999999999")),
        Arguments.of("Float32", 1e39),
        Arguments.of("Float64", new BigDecimal("1e400")),
        Arguments.of("Float64", "x"),
        Arguments.of("Decimal(9, 2)", new BigDecimal("1.234")),
        Arguments.of("Decimal(9, 2)", 10_000_000),
        Arguments.of("Decimal(9, 2)", true),
        Arguments.of("Bool", 2),
        Arguments.of("FixedString(2)", "abc"),
        Arguments.of("Date", LocalDate.of(1969, 12, 31)),
        Arguments.of("Date", LocalDateTime.of(2024, 2, 29, 0, 1)),
        Arguments.of("Date", AT),
        Arguments.of("Date32", LocalDate.of(2300, 1, 1)),
        Arguments.of("DateTime", Instant.ofEpochSecond(-1)),
        Arguments.of("DateTime", 1709251198123L),
        Arguments.of("DateTime64(3)", Instant.parse("1899-12-31T23:59:59Z")),
        Arguments.of("DateTime64(9)", Instant.parse("2263-01-01T00:00:00Z")),
        Arguments.of("DateTime", LocalTime.NOON),
        Arguments.of("UUID", 7),
        Arguments.of("IPv4", 7),
        Arguments.of("Enum8('a' = 1)", List.of()),
        Arguments.of("Array(UInt8)", List.of(1, 300)),
        Arguments.of("Array(UInt8)", "[1]"),
        Arguments.of("Map(String, String)", List.of()),
        Arguments.of("Map(String, UInt8)", Map.of("a", 256)),
        Arguments.of("Map(UInt8, String)", Map.of(256, "a")),
        Arguments.of("Tuple(UInt8, String)", List.of(1)),
        Arguments.of("Tuple(String, String)", "x"),
        Arguments.of("Tuple(a UInt8)", Map.of("b", 1)),
        Arguments.of("Nullable(UInt8)", 300),
        Arguments.of("LowCardinality(FixedString(1))", "ab"),
        Arguments.of("String", new Object()),
        Arguments.of("LowCardinality(Nullable(String))", new Object()),
        Arguments.of("Array(String)", List.of(new Object())),
        Arguments.of("JSON", Map.of("a", new Object())),
        Arguments.of("Dynamic", new Object()));
  }

  @ParameterizedTest(name = "{index} {0}")
  @MethodSource("misfits")
  void whatDoesNotFitIsRefusedAndNamed(String type, Object value) {
    TableName table = table("v " + type);
    JsonOut out = new JsonOut();
    assertThat(encoder(table).write(Map.of("v", value), out)).isEqualTo(1);
    String row = text(out);
    assertThat(RowMisfit.in(row.getBytes(StandardCharsets.ISO_8859_1)))
        .contains(new RowMisfit("v", type, value.getClass().getTypeName()));
    JsonOut again = new JsonOut();
    encoder(table).write(Map.of("v", value), again);
    assertThat(send(table, again).verdict()).isEqualTo(Verdict.ISOLATE);
    assertThat(TestClickHouse.query("SELECT count() FROM " + table.quoted())).isEqualTo("0");
  }

  @Test
  void missingColumnsTakeTheirDefaultsAndNamesMayDifferInCase() {
    TableName table =
        table(
            "id UInt32, at DateTime DEFAULT toDateTime(7), Name String DEFAULT 'n', x Nullable(UInt8) DEFAULT 3");
    RowEncoder encoder = encoder(table);
    JsonOut out = new JsonOut();
    Map<String, Object> explicit = new LinkedHashMap<>();
    explicit.put("ID", 1);
    explicit.put("NAME", "a");
    explicit.put("x", null);
    encoder.write(explicit, out);
    encoder.write(Map.of("id", 2), out);
    encoder.write(List.of(3, Instant.EPOCH), out);
    assertThat(send(table, out)).isNull();
    assertThat(
            TestClickHouse.query(
                "SELECT id, toUInt32(at), Name, x FROM " + table.quoted() + " ORDER BY id"))
        .isEqualTo("1\t7\ta\t\\N\n2\t7\tn\t3\n3\t0\tn\t3");
  }

  @Test
  void rowsWithinARowAreNestedColumns() {
    TableName table = table("id UInt8, n Nested(a UInt8, b String)");
    JsonOut out = new JsonOut();
    int misfits =
        encoder(table)
            .write(
                Map.of("id", 1, "n", List.of(Map.of("a", 1, "b", "x"), Map.of("a", 2, "b", "y"))),
                out);
    assertThat(misfits).isZero();
    assertThat(send(table, out)).isNull();
    assertThat(TestClickHouse.query("SELECT * FROM " + table.quoted()))
        .isEqualTo("1\t[1,2]\t['x','y']");
  }
}
