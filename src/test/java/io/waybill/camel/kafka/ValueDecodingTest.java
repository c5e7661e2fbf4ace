package io.waybill.camel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.avro.AvroTypeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueDecodingTest {

  static Stream<Throwable> faultsOfData() {
    return Stream.of(
        new SerializationException("Unknown magic byte!"),
        new SerializationException("x", new EOFException()),
        new SerializationException("x", new AvroTypeException("x")),
        new SerializationException("x", new ArrayIndexOutOfBoundsException()),
        new JsonParseException(null, "x"));
  }

  static Stream<Throwable> faultsOfOthers() {
    return Stream.of(
        new TimeoutException("x"),
        new SerializationException("x", new ConnectException()),
        new SerializationException("x", new IOException("Premature EOF")),
        new SerializationException("x", new IOException("no header", new EOFException())),
        new AvroTypeException("x", new ConnectException()),
        new IllegalStateException());
  }

  @ParameterizedTest
  @MethodSource("faultsOfData")
  void aFaultOfTheValueIsKnown(Throwable thrown) {
    assertThat(ValueDecoding.isOfData(thrown)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("faultsOfOthers")
  void aFaultOfAnythingElseIsNoneOfTheValue(Throwable thrown) {
    assertThat(ValueDecoding.isOfData(thrown)).isFalse();
  }

  /** Fails as a registry does that cannot be reached. */
  public static final class Unreachable implements Deserializer<Object> {
    @Override
    public Object deserialize(String topic, byte[] data) {
      throw new SerializationException("x", new ConnectException());
    }
  }

  private static Object decode(Class<?> deserializer, byte[] value) {
    Properties client = new Properties();
    client.put("value.deserializer", deserializer.getName());
    ValueDecoding.wrap(client);
    try (ValueDecoding decoding = new ValueDecoding()) {
      Map<String, Object> configs = new HashMap<>();
      client.forEach((key, each) -> configs.put(key.toString(), each));
      decoding.configure(configs, false);
      return decoding.deserialize("topic", new RecordHeaders(), value);
    }
  }

  @Test
  void aValueIsDecodedOrStaysWhatItIsAndOtherFaultsAreToldOn() {
    byte[] text = "abc".getBytes(StandardCharsets.UTF_8);
    assertThat(decode(LongDeserializer.class, new byte[] {0, 0, 0, 0, 0, 0, 0, 7})).isEqualTo(7L);
    assertThat(decode(LongDeserializer.class, text)).isSameAs(text);
    assertThatThrownBy(() -> decode(Unreachable.class, text))
        .isInstanceOf(SerializationException.class);
  }
}
