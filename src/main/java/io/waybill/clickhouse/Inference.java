package io.waybill.clickhouse;

import io.waybill.batch.Format;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Lets ClickHouse infer the columns of a sample, widened where its choice could wrap silently.
 * Thread-safe.
 */
public final class Inference {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "max_query_size", "104857600",
          "date_time_input_format", "best_effort",
          "input_format_try_infer_integers", "1",
          "input_format_try_infer_dates", "1",
          "input_format_try_infer_datetimes", "1");
  private final ClickHouseClient client;

  public Inference(ClickHouseClient client) {
    this.client = client;
  }

  /**
   * A column that was inferred.
   *
   * @param name name
   * @param type type, wide, Nullable where ClickHouse inferred so
   * @param hasNulls whether the sample has rows without a value in it
   */
  public record Inferred(String name, String type, boolean hasNulls) {
    String plainType() {
      return type.startsWith("Nullable(") ? type.substring(9, type.length() - 1) : type;
    }
  }

  /**
   * The columns of a sample.
   *
   * @param sample whole records, header line included
   * @throws QueryFailedException if ClickHouse makes nothing of it
   */
  public List<Inferred> columns(Format format, byte[] sample) {
    String source = source(format, sample);
    List<String[]> described = new ArrayList<>();
    for (String line : ask("DESCRIBE TABLE " + source)) {
      described.add(line.split("\t", -1));
    }
    List<Boolean> nulls = nulls(described, source);
    List<Inferred> columns = new ArrayList<>();
    for (int i = 0; i < described.size(); i++) {
      String name = Tsv.unescape(described.get(i)[0]);
      columns.add(new Inferred(name, wide(Tsv.unescape(described.get(i)[1])), nulls.get(i)));
    }
    return columns;
  }

  private List<Boolean> nulls(List<String[]> described, String source) {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < described.size(); i++) {
      String name = io.waybill.delivery.TableName.quote(Tsv.unescape(described.get(i)[0]));
      sql.append(i == 0 ? "" : ", ").append("countIf(isNull(").append(name).append(")) > 0");
    }
    String answer = ask(sql + " FROM " + source).get(0);
    return java.util.Arrays.stream(answer.split("\t", -1)).map("1"::equals).toList();
  }

  private List<String> ask(String sql) {
    return client.query(new QueryRequest(sql, "TSV", SETTINGS, "", "", "")).lines().toList();
  }

  private static String source(Format format, byte[] sample) {
    return "format(%s, %s)"
        .formatted(
            format.clickHouseName(), SqlText.literal(new String(sample, StandardCharsets.UTF_8)));
  }

  /** Date ends in 2149 and DateTime in 2106, and both begin in 1970: beyond it they wrap. */
  static String wide(String type) {
    return type.replaceAll("\\bDate\\b", "Date32").replaceAll("\\bDateTime\\b", "DateTime64(3)");
  }
}
