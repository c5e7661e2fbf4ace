package io.waybill.camel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/**
 * Makes maps of Avro's records. Values are what their logical types mean, whether their reader made
 * them so or left them raw: a number of milliseconds would be one of seconds to a column.
 */
final class AvroRecords {
  private static final GenericData TYPES = new GenericData();

  static {
    for (Conversion<?> each :
        List.of(
            new Conversions.DecimalConversion(),
            new Conversions.BigDecimalConversion(),
            new Conversions.UUIDConversion(),
            new TimeConversions.DateConversion(),
            new TimeConversions.TimeMillisConversion(),
            new TimeConversions.TimeMicrosConversion(),
            new TimeConversions.TimestampMillisConversion(),
            new TimeConversions.TimestampMicrosConversion(),
            new TimeConversions.TimestampNanosConversion(),
            new TimeConversions.LocalTimestampMillisConversion(),
            new TimeConversions.LocalTimestampMicrosConversion(),
            new TimeConversions.LocalTimestampNanosConversion())) {
      TYPES.addLogicalTypeConversion(each);
    }
  }

  private AvroRecords() {}

  /** The fields of a record, in their order. */
  static Map<String, Object> map(IndexedRecord record) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      row.put(field.name(), value(record.get(field.pos()), field.schema()));
    }
    return row;
  }

  private static Object value(Object given, Schema schema) {
    if (given == null) {
      return null;
    }
    if (given instanceof CharSequence text) {
      return text.toString();
    }
    Schema own = schema.isUnion() ? branch(given, schema) : schema;
    LogicalType logical = own.getLogicalType();
    Conversion<?> conversion = logical == null ? null : TYPES.getConversionFor(logical);
    if (conversion == null) {
      return plain(given, own);
    }
    return conversion.getConvertedType().isInstance(given)
        ? given
        : Conversions.convertToLogicalType(given, own, logical, conversion);
  }

  /** Which of a union it is; most have but one besides null. */
  private static Schema branch(Object given, Schema union) {
    List<Schema> some =
        union.getTypes().stream().filter(each -> each.getType() != Schema.Type.NULL).toList();
    return some.size() == 1 ? some.get(0) : union.getTypes().get(TYPES.resolveUnion(union, given));
  }

  private static Object plain(Object given, Schema schema) {
    if (given instanceof IndexedRecord record) {
      return map(record);
    }
    if (given instanceof Map<?, ?> entries) {
      Map<String, Object> map = new LinkedHashMap<>();
      entries.forEach((key, value) -> map.put(key.toString(), value(value, schema.getValueType())));
      return map;
    }
    if (given instanceof Iterable<?> elements) {
      List<Object> list = new ArrayList<>();
      elements.forEach(each -> list.add(value(each, schema.getElementType())));
      return list;
    }
    if (given instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    if (given instanceof GenericFixed fixed) {
      return fixed.bytes();
    }
    return schema.getType() == Schema.Type.ENUM ? given.toString() : given;
  }
}
