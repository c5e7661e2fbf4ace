package io.waybill.camel;

import io.waybill.batch.Payload;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.SimpleTypeConverter;

/** Lets steps of the deliver and audit routes read a batch as stream, bytes or text. */
final class PayloadConverters {
  private PayloadConverters() {}

  static void addTo(TypeConverterRegistry registry) {
    registry.addTypeConverter(InputStream.class, Payload.class, converter(Payload::openStream));
    registry.addTypeConverter(byte[].class, Payload.class, converter(Payload::toByteArray));
    registry.addTypeConverter(
        String.class,
        Payload.class,
        converter(payload -> new String(payload.toByteArray(), StandardCharsets.UTF_8)));
  }

  private static SimpleTypeConverter converter(
      java.util.function.Function<Payload, Object> conversion) {
    return new SimpleTypeConverter(
        false,
        (Class<?> type, Exchange exchange, Object value) -> conversion.apply((Payload) value));
  }
}
