package io.waybill.clickhouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Results in JSONEachRow. */
final class JsonRows {
  private static final ObjectReader READER = new ObjectMapper().readerFor(JsonNode.class);

  private JsonRows() {}

  static List<JsonNode> parse(byte[] result) {
    try (MappingIterator<JsonNode> rows = READER.readValues(result)) {
      return rows.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
