package io.waybill.clickhouse;

import io.waybill.batch.Format;
import io.waybill.delivery.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lets ClickHouse infer the columns of a sample, widened where its choice could wrap silently.
 * Thread-safe.
 */
public final class Inference {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "max_query_size", "104857600",
          // the sample is part of the statement, and has no place in system.query_log
          "log_queries", "0",
          // else nested types come with line breaks
          "print_pretty_type_names", "0",
          "date_time_input_format", "best_effort",
          "input_format_try_infer_integers", "1",
          "input_format_try_infer_dates", "1",
          "input_format_try_infer_datetimes", "1");

  /**
   * A quoted name, to be left alone, or a type; a name that reads like one has a type behind it.
   */
  private static final Pattern NARROW =
      Pattern.compile("`(?:\\\\.|[^`\\\\])*`|\\bDate(?:Time)?(?=[,)]|$)");

  private static final int CANNOT_EXTRACT_STRUCTURE = 636;
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
   * The columns of a sample. The user needs the right {@code CREATE TEMPORARY TABLE}, which whoever
   * may create tables has.
   *
   * @param sample whole records, header line included
   * @throws QueryFailedException if ClickHouse makes nothing of it
   */
  public List<Inferred> columns(Format format, byte[] sample) {
    Map<String, String> types = types(format, sample);
    if (types.isEmpty()) {
      throw cannotTell(CANNOT_EXTRACT_STRUCTURE, "CANNOT_EXTRACT_TABLE_STRUCTURE");
    }
    List<Boolean> nulls = nulls(types.keySet(), source(format, sample));
    List<Inferred> columns = new ArrayList<>();
    types.forEach((name, type) -> columns.add(new Inferred(name, type, nulls.get(columns.size()))));
    return columns;
  }

  /**
   * Wide types by column name, in the sample's order. A user who may only insert may ask too.
   *
   * @throws QueryFailedException if ClickHouse makes nothing of it
   */
  Map<String, String> types(Format format, byte[] sample) {
    Map<String, String> types = new LinkedHashMap<>();
    for (String line : ask("DESCRIBE TABLE " + source(format, sample))) {
      String[] fields = line.split("\t", -1);
      types.put(Tsv.unescape(fields[0]), wide(Tsv.unescape(fields[1])));
    }
    return types;
  }

  private List<Boolean> nulls(Set<String> names, String source) {
    String counts =
        names.stream()
            .map(name -> "countIf(isNull(" + TableName.quote(name) + ")) > 0")
            .collect(Collectors.joining(", "));
    String answer = ask("SELECT " + counts + " FROM " + source).get(0);
    return Arrays.stream(answer.split("\t", -1)).map("1"::equals).toList();
  }

  /** The sample is part of the statement, which messages like to quote: their words stay here. */
  private List<String> ask(String sql) {
    try {
      return client.query(new QueryRequest(sql, "TSV", SETTINGS, "", "", "")).lines().toList();
    } catch (QueryFailedException e) {
      throw e.code() == 0 ? e : cannotTell(e.code(), e.name());
    }
  }

  private static QueryFailedException cannotTell(int code, String name) {
    return new QueryFailedException(
        code, name, "ClickHouse cannot tell columns and types by the records", null);
  }

  private static String source(Format format, byte[] sample) {
    return "format(%s, %s)"
        .formatted(
            format.clickHouseName(), SqlText.literal(new String(sample, StandardCharsets.UTF_8)));
  }

  /** Date ends in 2149 and DateTime in 2106, and both begin in 1970: beyond it they wrap. */
  static String wide(String type) {
    return NARROW
        .matcher(type)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    switch (found.group()) {
                      case "Date" -> "Date32";
                      case "DateTime" -> "DateTime64(3)";
                      default -> found.group();
                    }));
  }
}
