package io.waybill.camel;

import io.waybill.batch.BatchSource.Stamp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.SimpleTypeConverter;

/**
 * A body that stays where it is until somebody reads it, so that what is known already need not
 * come over. Steps before {@code waybill:} read it as stream, bytes or text.
 */
public interface RemoteBody {

  /** How it looks from outside. */
  Stamp stamp();

  /** What a person finds it by. */
  String location();

  /**
   * Fetches it, from its beginning. The stream fails at its end if not all of it came over.
   *
   * @throws io.waybill.delivery.HeldDeliveryException if it may not be read
   */
  InputStream open() throws IOException;

  /**
   * A stamp that tells versions of one second apart as well, whatever the precision of its time.
   *
   * @param version what the source calls this version; may be empty
   */
  static Stamp stamp(long size, Instant modified, String version) {
    long nanosPerSecond = 1_000_000_000L;
    long within = Math.floorMod(31L * size + 1_000_003L * version.hashCode(), nanosPerSecond);
    return new Stamp(size, modified.getEpochSecond() * nanosPerSecond + within);
  }

  /** Lets Camel read such bodies. */
  static void addTo(TypeConverterRegistry registry) {
    registry.addTypeConverter(InputStream.class, RemoteBody.class, converter(RemoteBody::open));
    registry.addTypeConverter(byte[].class, RemoteBody.class, converter(RemoteBody::bytes));
    registry.addTypeConverter(
        String.class,
        RemoteBody.class,
        converter(body -> new String(bytes(body), StandardCharsets.UTF_8)));
  }

  private static byte[] bytes(RemoteBody body) throws IOException {
    try (InputStream in = body.open()) {
      return in.readAllBytes();
    }
  }

  private static SimpleTypeConverter converter(Reading reading) {
    return new SimpleTypeConverter(
        false, (Class<?> type, Exchange exchange, Object body) -> reading.of((RemoteBody) body));
  }

  /** Reads a body. */
  interface Reading {
    Object of(RemoteBody body) throws IOException;
  }
}
