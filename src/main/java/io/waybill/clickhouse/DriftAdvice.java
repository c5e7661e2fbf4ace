package io.waybill.clickhouse;

import io.waybill.batch.Format;
import io.waybill.batch.Payload;
import io.waybill.delivery.TableName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The statements that would add to a table what a sample has and the table has not. Thread-safe.
 */
public final class DriftAdvice {
  private static final int SAMPLE = 4 << 20;
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
    if (sample.length == 0) {
      return List.of();
    }
    return inference.types(format, sample).entrySet().stream()
        .filter(column -> !known.contains(column.getKey()))
        .map(column -> alter(table, column.getKey(), column.getValue()))
        .toList();
  }

  /**
   * The same from the records of a batch that has them only late.
   *
   * @param field a column of the batch that the table has not, spaces run together
   */
  List<String> missing(TableName table, Format format, Payload payload, String field) {
    byte[] sample =
        format == Format.JSON_EACH_ROW ? recordsWith(field, payload) : wholeRecords(payload);
    return missing(table, format, sample);
  }

  private static byte[] recordsWith(String field, Payload payload) {
    StringBuilder records = new StringBuilder();
    String part = field.split(" ", -1)[0];
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(payload.openStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // a name may be written with escapes: then the record is no help, and the next one may be
        if (line.contains(part) && records.length() < SAMPLE) {
          records.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] wholeRecords(Payload payload) {
    byte[] head = payload.head(SAMPLE);
    int end = head.length;
    while (payload.size() > SAMPLE && end > 0 && head[end - 1] != '\n') {
      end--;
    }
    return Arrays.copyOf(head, end);
  }

  private static String alter(TableName table, String column, String type) {
    return "ALTER TABLE %s ADD COLUMN %s %s"
        .formatted(table.quoted(), TableName.quote(column), type);
  }
}
