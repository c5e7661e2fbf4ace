package io.waybill.batch.row;

/** The writer of each type. */
final class ValueWriters {
  private static final int MOST_DECIMAL32 = 9;
  private static final int MOST_DECIMAL64 = 18;
  private static final int MOST_DECIMAL128 = 38;
  private static final int MOST_DECIMAL256 = 76;
  private static final String DEFAULT_DIGITS = "3";

  private ValueWriters() {}

  static ValueWriter of(String type) {
    return of(ColumnType.parse(type));
  }

  static ValueWriter of(ColumnType type) {
    return switch (type.name()) {
      case "Nullable", "LowCardinality" -> of(type.inner(0));
      case "SimpleAggregateFunction" -> of(type.inner(1));
      case "Int8", "Int16", "Int32", "Int64", "Int128", "Int256" ->
          IntegerWriter.signed(Integer.parseInt(type.name().substring("Int".length())));
      case "UInt8", "UInt16", "UInt32", "UInt64", "UInt128", "UInt256" ->
          IntegerWriter.unsigned(Integer.parseInt(type.name().substring("UInt".length())));
      case "Float64" -> new FloatWriter(false);
      case "Float32", "BFloat16" -> new FloatWriter(true);
      case "Decimal" -> new DecimalWriter(type.number(0), type.number(1));
      case "Decimal32" -> new DecimalWriter(MOST_DECIMAL32, type.number(0));
      case "Decimal64" -> new DecimalWriter(MOST_DECIMAL64, type.number(0));
      case "Decimal128" -> new DecimalWriter(MOST_DECIMAL128, type.number(0));
      case "Decimal256" -> new DecimalWriter(MOST_DECIMAL256, type.number(0));
      case "Bool" -> TextWriters.BOOL;
      case "String" -> TextWriters.STRING;
      case "FixedString" -> TextWriters.fixed(type.number(0));
      case "UUID" -> TextWriters.UUIDS;
      case "IPv4", "IPv6" -> TextWriters.ADDRESS;
      case "Enum8", "Enum16" -> TextWriters.ENUM;
      case "Date" -> DateWriter.DATE;
      case "Date32" -> DateWriter.DATE32;
      case "DateTime", "DateTime32" -> TimeWriter.seconds();
      case "DateTime64" -> TimeWriter.fraction(Integer.parseInt(type.text(0, DEFAULT_DIGITS)));
      case "Time" -> new ClockWriter(0);
      case "Time64" -> new ClockWriter(Integer.parseInt(type.text(0, DEFAULT_DIGITS)));
      case "Array" -> NestedWriters.array(of(type.inner(0)));
      case "Map" -> NestedWriters.map(of(type.inner(0)), of(type.inner(1)));
      case "Tuple" -> NestedWriters.tuple(type);
      case "Nested" -> NestedWriters.array(NestedWriters.tuple(type));
      case "JSON", "Object" -> NaturalWriter.DOCUMENT;
      default -> NaturalWriter.INSTANCE;
    };
  }
}
