package io.waybill.camel.kafka;

import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * The deserializer of a flow's values, but that a value that is not what it reads stays the bytes
 * that it is: such a record is a dead letter and stops nothing. Whatever else goes wrong, as a
 * registry of schemas that does not answer, says nothing of the record, and holds the flow. Made by
 * Kafka's client, and used by one thread.
 */
public final class ValueDecoding implements Deserializer<Object> {
  private static final String DESERIALIZER = "waybill.value.deserializer";

  /** What malformed values are refused with; names, as not all of them are on board. */
  private static final Set<String> OF_DATA =
      Set.of(
          "org.apache.avro.AvroRuntimeException",
          "org.apache.avro.InvalidNumberEncodingException",
          "com.fasterxml.jackson.core.JacksonException",
          "com.google.protobuf.InvalidProtocolBufferException",
          "java.io.EOFException",
          "java.lang.IndexOutOfBoundsException",
          "java.nio.BufferUnderflowException");

  private Deserializer<?> deserializer;

  /** Takes the place of the deserializer that a client was to have. */
  static void wrap(Properties client) {
    client.put(DESERIALIZER, client.get(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG));
    client.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ValueDecoding.class.getName());
  }

  /** Why a flow is held whose records cannot be read. */
  static Failure failure(RecordDeserializationException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new Failure(
        Verdict.HOLD,
        0,
        "RECORD_UNREADABLE",
        "the deserializer of the %s fails at offset %d of %s with %s"
            .formatted(
                e.origin() == RecordDeserializationException.DeserializationExceptionOrigin.KEY
                    ? "key"
                    : "value",
                e.offset(),
                e.topicPartition(),
                root.getClass().getName()),
        "let it reach its registry of schemas, or mend its options on the kafka: URI");
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    Object given = configs.get(DESERIALIZER);
    deserializer =
        given instanceof Class<?> type
            ? Utils.newInstance(type.asSubclass(Deserializer.class))
            : instance(given.toString());
    deserializer.configure(configs, isKey);
  }

  private static Deserializer<?> instance(String name) {
    try {
      return Utils.newInstance(name, Deserializer.class);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("valueDeserializer: there is no class " + name, e);
    }
  }

  @Override
  public Object deserialize(String topic, byte[] data) {
    throw new UnsupportedOperationException("a consumer gives headers");
  }

  @Override
  public Object deserialize(String topic, Headers headers, byte[] data) {
    try {
      return deserializer.deserialize(topic, headers, data);
    } catch (RuntimeException e) {
      if (isOfData(e)) {
        return data;
      }
      throw e;
    }
  }

  /** Whether it and all that caused it speak of the value; in doubt not. */
  static boolean isOfData(Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each.getClass() != SerializationException.class && !isKnown(each.getClass())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKnown(Class<?> thrown) {
    for (Class<?> each = thrown; each != null; each = each.getSuperclass()) {
      if (OF_DATA.contains(each.getName())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    if (deserializer != null) {
      deserializer.close();
    }
  }
}
