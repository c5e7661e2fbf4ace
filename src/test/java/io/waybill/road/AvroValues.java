package io.waybill.road;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads values of Avro as the deserializers of registries do: five bytes, a zero and the number of
 * a schema, and what was written by it. The registry is a file here; without it nothing is known.
 */
public final class AvroValues implements Deserializer<GenericRecord> {
  static final String REGISTRY = "registry.file";
  private static final int HEAD = 5;
  private Path registry;
  private Schema schema;

  static final Schema ALL =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "All", "fields": [
                {"name": "id", "type": "long"},
                {"name": "text", "type": ["null", "string"]},
                {"name": "whole", "type": "int"},
                {"name": "single", "type": "float"},
                {"name": "double", "type": "double"},
                {"name": "yes", "type": "boolean"},
                {"name": "raw", "type": "bytes"},
                {"name": "fixed", "type": {"type": "fixed", "name": "Two", "size": 2}},
                {"name": "color", "type": {"type": "enum", "name": "Color", "symbols": ["RED", "BLUE"]}},
                {"name": "list", "type": {"type": "array", "items": ["null", "int"]}},
                {"name": "map", "type": {"type": "map", "values": "string"}},
                {"name": "place", "type": {"type": "record", "name": "Place", "fields": [
                  {"name": "x", "type": "int"}, {"name": "at", "type": {"type": "int", "logicalType": "date"}}]}},
                {"name": "either", "type": ["null", "long", "string"]},
                {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                {"name": "millis", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
                {"name": "micros", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
                {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 2}},
                {"name": "uuid", "type": {"type": "string", "logicalType": "uuid"}}
              ]}""");

  /** The columns that take it. */
  static final String COLUMNS =
      "id UInt64, text Nullable(String), whole Int32, single Float32, double Float64, yes Bool,"
          + " raw String, fixed FixedString(2), color Enum8('RED' = 1, 'BLUE' = 2),"
          + " list Array(Nullable(Int32)), map Map(String, String), place Tuple(x Int32, at Date32),"
          + " either String, day Date32, millis Nullable(DateTime64(3, 'UTC')),"
          + " micros DateTime64(6, 'UTC'), local DateTime64(3, 'UTC'), price Decimal(20, 2), uuid UUID";

  /** What stands in the columns then. */
  static final String SEEN =
      "id, text, whole, single, double, yes, hex(raw), hex(fixed), color, list, map, place, either,"
          + " day, millis, micros, local, price, uuid";

  static byte[] row(long id) {
    GenericData.Record place = new GenericData.Record(ALL.getField("place").schema());
    place.put("x", (int) id);
    place.put("at", -1);
    GenericData.Record row = new GenericData.Record(ALL);
    row.put("id", id);
    row.put("text", id % 2 == 0 ? null : "text\nof " + id);
    row.put("whole", -7);
    row.put("single", 1.5f);
    row.put("double", 0.1);
    row.put("yes", true);
    row.put("raw", ByteBuffer.wrap(new byte[] {0, -1, '"'}));
    row.put("fixed", new GenericData.Fixed(ALL.getField("fixed").schema(), new byte[] {1, -2}));
    row.put("color", new GenericData.EnumSymbol(ALL.getField("color").schema(), "BLUE"));
    row.put("list", java.util.Arrays.asList(1, null, 3));
    row.put("map", Map.of("a", "b\\"));
    row.put("place", place);
    row.put("either", id % 2 == 0 ? (Object) id : "some");
    row.put("day", 19_675);
    row.put("millis", id % 2 == 0 ? null : 1_700_000_000_123L);
    row.put("micros", 1_700_000_000_123_456L);
    row.put("local", 1_700_000_000_123L);
    row.put("price", ByteBuffer.wrap(new byte[] {-1, 0})); // -2.56
    row.put("uuid", "61f0c404-5cb3-11e7-907b-a6006ad3dba0");
    return bytes(row);
  }

  static String seen(long id) {
    return String.join(
        "\t",
        List.of(
            Long.toString(id),
            id % 2 == 0 ? "\\N" : "text\\nof " + id,
            "-7\t1.5\t0.1\ttrue\t00FF22\t01FE\tBLUE\t[1,NULL,3]\t{'a':'b\\\\'}",
            "(%d,'1969-12-31')".formatted(id),
            id % 2 == 0 ? Long.toString(id) : "some",
            "2023-11-14",
            id % 2 == 0 ? "\\N" : "2023-11-14 22:13:20.123",
            "2023-11-14 22:13:20.123456\t2023-11-14 22:13:20.123\t-2.56",
            "61f0c404-5cb3-11e7-907b-a6006ad3dba0"));
  }

  private static byte[] bytes(GenericRecord row) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, 0, 0, 1});
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new GenericDatumWriter<GenericRecord>(row.getSchema()).write(row, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    registry = Path.of(configs.get(REGISTRY).toString());
  }

  @Override
  public GenericRecord deserialize(String topic, byte[] data) {
    if (data.length < HEAD || data[0] != 0) {
      throw new SerializationException("Unknown magic byte!");
    }
    try {
      return new GenericDatumReader<GenericRecord>(schema())
          .read(null, DecoderFactory.get().binaryDecoder(data, HEAD, data.length - HEAD, null));
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("Error deserializing Avro message", e);
    }
  }

  private Schema schema() throws IOException {
    if (schema == null) {
      if (!Files.exists(registry)) {
        throw new ConnectException("Connection refused");
      }
      schema = new Schema.Parser().parse(Files.readString(registry));
    }
    return schema;
  }
}
