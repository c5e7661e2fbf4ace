package io.waybill.camel.changes;

import io.waybill.delivery.SourceOffsets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/**
 * Keeps the offsets of a Debezium engine in the ledger. Debezium makes it by its name and gives it
 * nothing but properties, so what it writes to is handed over by a key among those.
 */
public final class LedgerOffsetStore extends MemoryOffsetBackingStore {
  /** Property that names what to write to. */
  static final String KEY = "offset.storage.waybill";

  /** Names of what Waybill notes itself beside the offsets begin so. */
  static final String OWN = "waybill:";

  private static final Map<String, Book> BOOKS = new ConcurrentHashMap<>();
  private Book book;

  private record Book(String flow, SourceOffsets offsets) {}

  /** Makes a flow's offsets known for as long as its engine runs; returns the property's value. */
  static String open(String flow, SourceOffsets offsets) {
    String key = UUID.randomUUID().toString();
    BOOKS.put(key, new Book(flow, offsets));
    return key;
  }

  static void close(String key) {
    BOOKS.remove(key);
  }

  @Override
  public void configure(WorkerConfig config) {
    super.configure(config);
    book = BOOKS.get(String.valueOf(config.originals().get(KEY)));
  }

  @Override
  public synchronized void start() {
    super.start();
    book.offsets()
        .of(book.flow())
        .forEach(
            (name, position) -> {
              if (!name.startsWith(OWN)) {
                data.put(bytes(name), bytes(position));
              }
            });
  }

  @Override
  protected void save() {
    Map<String, String> offsets = new LinkedHashMap<>();
    data.forEach(
        (name, position) -> {
          if (position != null) {
            offsets.put(text(name), text(position));
          }
        });
    book.offsets().keep(book.flow(), offsets);
  }

  /** Nobody asks a store of an embedded engine. */
  @Override
  public Set<Map<String, Object>> connectorPartitions(String connector) {
    return Set.of();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }
}
