package io.waybill.ledger;

import io.waybill.delivery.SourceOffsets;
import java.util.Map;
import java.util.TreeMap;

/** The {@link SourceOffsets} of a ledger. Thread-safe. */
final class OffsetBook implements SourceOffsets {
  private final LedgerDatabase database;

  OffsetBook(LedgerDatabase database) {
    this.database = database;
  }

  @Override
  public Map<String, String> of(String flow) {
    return database.read(
        "read how far flow " + flow + " has come",
        connection -> {
          Map<String, String> offsets = new TreeMap<>();
          Sql.list(
                  connection,
                  row -> Map.entry(row.getString("name"), row.getString("position")),
                  "SELECT name, position FROM source_offset WHERE flow = ?",
                  flow)
              .forEach(each -> offsets.put(each.getKey(), each.getValue()));
          return offsets;
        });
  }

  @Override
  public void keep(String flow, Map<String, String> offsets) {
    database.change(
        "note how far flow " + flow + " has come",
        connection -> {
          for (Map.Entry<String, String> each : offsets.entrySet()) {
            Sql.update(
                connection,
                """
                INSERT INTO source_offset (flow, name, position) VALUES (?, ?, ?)
                ON CONFLICT (flow, name) DO UPDATE SET position = excluded.position""",
                flow,
                each.getKey(),
                each.getValue());
          }
        });
  }
}
