package io.waybill.camel;

import io.waybill.batch.row.RowEncoder;
import io.waybill.delivery.TableName;

/** What a flow's rows are written for: its table's columns, asked once and kept. Thread-safe. */
final class RowSchema {
  private final TableShapes shapes;
  private final TableName table;
  private volatile RowEncoder known;

  RowSchema(TableShapes shapes, TableName table) {
    this.shapes = shapes;
    this.table = table;
  }

  /**
   * For the columns that were seen before.
   *
   * @throws io.waybill.delivery.HeldDeliveryException if ClickHouse does not tell them
   */
  RowEncoder encoder() {
    RowEncoder encoder = known;
    return encoder == null ? reread() : encoder;
  }

  /** For the columns as they are now. */
  RowEncoder reread() {
    RowEncoder encoder = new RowEncoder(shapes.columns(table), PlainValues::of);
    if (encoder.width() > 0) {
      known = encoder;
    }
    return encoder;
  }
}
