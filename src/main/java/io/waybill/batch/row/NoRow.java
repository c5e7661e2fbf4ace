package io.waybill.batch.row;

import java.nio.charset.StandardCharsets;

/**
 * What stands in the place of a message that is no row: a line that begins as no JSON does, so that
 * ClickHouse refuses it for every table, with the message in it for who mends it.
 */
public final class NoRow {
  private static final byte[] MARK = "{!\"_waybill_no_row\":".getBytes(StandardCharsets.UTF_8);

  private NoRow() {}

  /**
   * The line of a message.
   *
   * @param value its bytes; null if it has none
   */
  public static byte[] line(byte[] value) {
    JsonOut out = new JsonOut().raw(MARK);
    if (value == null) {
      out.ascii("null");
    } else {
      out.string(value);
    }
    return out.ascii("}\n").toByteArray();
  }

  /** What every such line begins with. */
  public static byte[] mark() {
    return MARK.clone();
  }
}
