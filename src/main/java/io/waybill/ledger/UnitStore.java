package io.waybill.ledger;

import io.waybill.batch.BatchSource.Stamp;
import io.waybill.batch.Format;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Unit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Sources of flows and their generations. */
final class UnitStore {
  private UnitStore() {}

  static Optional<Unit> latest(
      Connection connection, String flow, String sourceId, TableName target) throws SQLException {
    return Sql.first(
        connection,
        UnitStore::unit,
        """
        SELECT * FROM unit
        WHERE flow = ? AND source_id = ? AND target_database = ? AND target_table = ?
        ORDER BY generation DESC LIMIT 1""",
        flow,
        sourceId,
        target.database(),
        target.table());
  }

  static Optional<Unit> find(Connection connection, long id) throws SQLException {
    return Sql.first(connection, UnitStore::unit, "SELECT * FROM unit WHERE id = ?", id);
  }

  static List<Unit> inDoubt(Connection connection, String flow, String sourceId)
      throws SQLException {
    return Sql.list(
        connection,
        UnitStore::unit,
        """
        SELECT * FROM unit
        WHERE flow = ? AND source_id = ?
          AND EXISTS (SELECT 1 FROM batch WHERE batch.unit = unit.id AND batch.state = 'planned')
        ORDER BY id""",
        flow,
        sourceId);
  }

  /** Few are enough: a copy that was copied many times is told by the newest. */
  static List<Unit> ofSize(
      Connection connection, String flow, TableName target, String sourceId, long size)
      throws SQLException {
    return Sql.list(
        connection,
        UnitStore::unit,
        """
        SELECT * FROM unit
        WHERE flow = ? AND target_database = ? AND target_table = ? AND stamp_size = ?
          AND source_id <> ?
        ORDER BY id DESC LIMIT 3""",
        flow,
        target.database(),
        target.table(),
        size,
        sourceId);
  }

  static List<String> otherFlows(
      Connection connection, String flow, String sourceId, TableName target) throws SQLException {
    return Sql.list(
        connection,
        row -> row.getString("flow"),
        """
        SELECT DISTINCT flow FROM unit
        WHERE source_id = ? AND target_database = ? AND target_table = ? AND flow <> ?
        ORDER BY flow""",
        sourceId,
        target.database(),
        target.table(),
        flow);
  }

  static Unit create(
      Connection connection,
      String flow,
      String sourceId,
      TableName target,
      Format format,
      Stamp stamp)
      throws SQLException {
    int generation =
        latest(connection, flow, sourceId, target).map(unit -> unit.generation() + 1).orElse(0);
    long id =
        Sql.number(
            connection,
            """
            INSERT INTO unit (flow, source_id, target_database, target_table, generation, format,
              stamp_size, stamp_modified)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
            flow,
            sourceId,
            target.database(),
            target.table(),
            generation,
            format.clickHouseName(),
            stamp.size(),
            stamp.modifiedNanos());
    return new Unit(id, flow, sourceId, generation, target, format, stamp);
  }

  static void restamp(Connection connection, long unit, Stamp stamp) throws SQLException {
    Sql.updateOne(
        connection,
        "the ledger has no unit " + unit,
        "UPDATE unit SET stamp_size = ?, stamp_modified = ? WHERE id = ?",
        stamp.size(),
        stamp.modifiedNanos(),
        unit);
  }

  private static Unit unit(ResultSet row) throws SQLException {
    return new Unit(
        row.getLong("id"),
        row.getString("flow"),
        row.getString("source_id"),
        row.getInt("generation"),
        new TableName(row.getString("target_database"), row.getString("target_table")),
        Format.of(row.getString("format")),
        new Stamp(row.getLong("stamp_size"), row.getLong("stamp_modified")));
  }
}
