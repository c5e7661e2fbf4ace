package io.waybill.camel;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a message that is no JSON as a line that no JSON row looks like: ClickHouse refuses it,
 * and it becomes a dead letter that can be mended, without touching its neighbours. It begins with
 * a brace, or a file that begins with it would be taken for no JSONEachRow at all.
 */
final class RefusedText {
  private static final String MARK = "{not a row: ";
  private static final ObjectMapper JSON = new ObjectMapper();

  private RefusedText() {}

  static void write(byte[] text, OutputStream out) throws IOException {
    out.write(MARK.getBytes(StandardCharsets.UTF_8));
    out.write(JSON.writeValueAsBytes(new String(text, StandardCharsets.UTF_8)));
    out.write('}');
    out.write('\n');
  }
}
