package io.waybill.ledger;

import io.waybill.batch.Format;
import io.waybill.delivery.InsertShape;
import io.waybill.delivery.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What shapes blocks: thousands of batches share one, so each is stored once. */
final class ShapeStore {
  private ShapeStore() {}

  /** The number of this shape, which is stored if it is new. */
  static long number(Connection connection, InsertShape shape) throws SQLException {
    String columns = Json.write(shape.columns());
    String settings = Json.write(shape.settings());
    TableName table = shape.table();
    String format = shape.format().clickHouseName();
    String hash =
        Digests.of(
            Json.write(
                List.of(
                    table.database(),
                    table.table(),
                    shape.tableUuid(),
                    columns,
                    format,
                    settings,
                    shape.encoder(),
                    shape.provenance())));
    Sql.update(
        connection,
        """
        INSERT INTO shape (hash, target_database, target_table, table_uuid, columns, format,
          settings, encoder, provenance)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING""",
        hash,
        table.database(),
        table.table(),
        shape.tableUuid(),
        columns,
        format,
        settings,
        shape.encoder(),
        shape.provenance() ? 1 : 0);
    return Sql.number(connection, "SELECT id FROM shape WHERE hash = ?", hash);
  }

  /** Reads the shapes of one query's rows, each only once. */
  static final class Reader {
    static final String COLUMNS =
        """
        shape.id AS shape_id, shape.target_database, shape.target_table, shape.table_uuid,
        shape.columns, shape.format, shape.settings, shape.encoder, shape.provenance""";
    private final Map<Long, InsertShape> known = new HashMap<>();

    InsertShape shape(ResultSet row) throws SQLException {
      long id = row.getLong("shape_id");
      InsertShape shape = known.get(id);
      if (shape == null) {
        shape =
            new InsertShape(
                new TableName(row.getString("target_database"), row.getString("target_table")),
                row.getString("table_uuid"),
                Json.strings(row.getString("columns")),
                Format.of(row.getString("format")),
                Json.settings(row.getString("settings")),
                row.getInt("encoder"),
                row.getInt("provenance") == 1);
        known.put(id, shape);
      }
      return shape;
    }
  }
}
