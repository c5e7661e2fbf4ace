package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.FormatSchema;
import com.fasterxml.jackson.dataformat.avro.AvroMapper;
import com.fasterxml.jackson.dataformat.avro.AvroSchema;
import com.fasterxml.jackson.dataformat.protobuf.ProtobufMapper;
import com.fasterxml.jackson.dataformat.protobuf.schema.ProtobufSchemaLoader;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.SchemaResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Camel's data formats make of messages, as rows. */
class DataFormatsIT {
  private static final String FLOW = "messages";
  private static final Map<String, Object> ROW =
      Map.of("id", 7, "text", "a\"b", "weight", 1.5, "raw", new byte[] {0, -1});
  @TempDir Path folder;

  /** Avro's schema of a message. */
  public static final class Avro implements SchemaResolver {
    @Override
    public FormatSchema resolve(Exchange exchange) {
      return schema();
    }

    private static FormatSchema schema() {
      return new AvroSchema(
          new Schema.Parser()
              .parse(
                  """
                  {"type": "record", "name": "Row", "fields": [{"name": "id", "type": "int"},
                   {"name": "text", "type": "string"}, {"name": "weight", "type": "double"},
                   {"name": "raw", "type": "bytes"}]}"""));
    }

    public static byte[] message() throws Exception {
      return new AvroMapper().writer(schema()).writeValueAsBytes(ROW);
    }
  }

  /** Protobuf's schema of a message. */
  public static final class Protobuf implements SchemaResolver {
    @Override
    public FormatSchema resolve(Exchange exchange) {
      return schema();
    }

    private static FormatSchema schema() {
      try {
        return ProtobufSchemaLoader.std.parse(
            """
            message Row { required int32 id = 1; required string text = 2;
              required double weight = 3; required bytes raw = 4; }""");
      } catch (java.io.IOException e) {
        throw new IllegalStateException(e);
      }
    }

    public static byte[] message() throws Exception {
      return new ProtobufMapper().writer(schema()).writeValueAsBytes(ROW);
    }
  }

  private void delivered(Class<?> schema, String format) {
    RoadHome home =
        RoadHome.in(folder).table(FLOW, "id UInt8, text String, weight Float32, raw String");
    home.set("waybill.once.idle", "2s")
        .route(
            FLOW,
            """
            - beans:
                - name: schema
                  type: %1$s
            - route:
                id: messages
                from:
                  uri: timer:once?repeatCount=1&delay=0
                  steps:
                    - bean: {beanType: "%1$s", method: message}
                    - unmarshal:
                        %2$s: {library: Jackson, schemaResolver: schema}
                    - to: %3$s
            """
                .formatted(schema.getName(), format, home.target(FLOW, "")));
    RoadHome.Ended ended = home.once();
    assertThat(ended.problems()).isEmpty();
    assertThat(ended.holds()).isEmpty();
    assertThat(home.rows(FLOW, "id, text, weight, hex(raw)")).containsExactly("7\ta\"b\t1.5\t00FF");
    assertThat(home.states(FLOW)).containsExactly("completed");
  }

  @Test
  void avro() {
    delivered(Avro.class, "avro");
  }

  @Test
  void protobuf() {
    delivered(Protobuf.class, "protobuf");
  }
}
