package io.waybill.clickhouse;

import java.util.Map;

/**
 * One query.
 *
 * @param sql statement without FORMAT
 * @param format format of the answer
 * @param settings server settings
 * @param queryId query id; empty to let one be made
 * @param logComment log_comment; empty for none
 * @param role role to set; empty for none
 */
public record QueryRequest(
    String sql,
    String format,
    Map<String, String> settings,
    String queryId,
    String logComment,
    String role) {

  /** A query whose answer comes in this format, and nothing else said. */
  public static QueryRequest of(String sql, String format) {
    return new QueryRequest(sql, format, Map.of(), "", "", "");
  }
}
