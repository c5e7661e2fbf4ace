package io.waybill.clickhouse;

import io.waybill.batch.Format;
import io.waybill.delivery.TableName;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements that would add to a table what a sample has and the table has not. Thread-safe.
 */
public final class DriftAdvice {
  private final Tables tables;
  private final Inference inference;

  public DriftAdvice(ClickHouseClient client) {
    this.tables = new Tables(client);
    this.inference = new Inference(client);
  }

  /** One ALTER TABLE for each column that is missing; none for a format without names. */
  public List<String> missing(TableName table, Format format, byte[] sample) {
    if (!format.hasHeader() && format != Format.JSON_EACH_ROW) {
      return List.of();
    }
    List<String> known = tables.columns(table).stream().map(Tables.Column::name).toList();
    List<String> statements = new ArrayList<>();
    inference
        .types(format, sample)
        .forEach(
            (name, type) -> {
              if (!known.contains(name)) {
                statements.add(
                    "ALTER TABLE %s ADD COLUMN %s %s"
                        .formatted(table.quoted(), TableName.quote(name), type));
              }
            });
    return statements;
  }
}
