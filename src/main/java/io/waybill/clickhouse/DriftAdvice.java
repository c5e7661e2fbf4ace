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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /**
   * One ALTER TABLE for each column that is missing, by the column's name and in the sample's
   * order; none for a format without names.
   *
   * @throws QueryFailedException if ClickHouse makes nothing of the sample, or cannot be asked
   */
  public Map<String, String> missing(TableName table, Format format, byte[] sample) {
    if (!format.hasHeader() && format != Format.JSON_EACH_ROW) {
      return Map.of();
    }
    List<String> known = tables.columns(table).stream().map(Tables.Column::name).toList();
    if (sample.length == 0) {
      return Map.of();
    }
    Map<String, String> alters = new LinkedHashMap<>();
    inference
        .types(format, sample)
        .forEach(
            (column, type) -> {
              if (!known.contains(column)) {
                alters.put(column, alter(table, column, type));
              }
            });
    return alters;
  }

  /**
   * The statements alone, from the records of a batch that has the columns only late.
   *
   * @param field a column of the batch that the table has not, spaces run together
   */
  List<String> missing(TableName table, Format format, Payload payload, String field) {
    byte[] sample =
        format == Format.JSON_EACH_ROW ? recordsWith(field, payload) : wholeRecords(payload);
    return List.copyOf(missing(table, format, sample).values());
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
