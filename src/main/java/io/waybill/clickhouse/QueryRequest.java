package io.waybill.clickhouse;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A statement for ClickHouse. Immutable; starts at {@link #of}, the {@code with} methods give
 * changed copies.
 *
 * @param sql the statement
 * @param parameters values of its {@code {name:Type}} places
 * @param format format of the result if the statement names none
 * @param settings settings for this request
 * @param database database of unqualified names; empty for the user's default
 * @param queryId query id; empty for one by the server
 * @param logComment goes to {@code system.query_log}
 * @param roles roles to take for this request; empty for the user's default roles
 * @param timeout instead of the connection's socket time-out
 */
public record QueryRequest(
    String sql,
    Map<String, Object> parameters,
    String format,
    Map<String, String> settings,
    Optional<String> database,
    Optional<String> queryId,
    Optional<String> logComment,
    List<String> roles,
    Optional<Duration> timeout) {

  /** Copies what could be changed from outside. */
  public QueryRequest {
    parameters = Map.copyOf(parameters);
    settings = Map.copyOf(settings);
    roles = List.copyOf(roles);
  }

  /** The statement with a result as {@code TabSeparated} and nothing special. */
  public static QueryRequest of(String sql) {
    return new QueryRequest(
        sql,
        Map.of(),
        "TabSeparated",
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** With values for its {@code {name:Type}} places. */
  public QueryRequest withParameters(Map<String, Object> values) {
    return new QueryRequest(
        sql, values, format, settings, database, queryId, logComment, roles, timeout);
  }

  /** With another format of the result. */
  public QueryRequest withFormat(String name) {
    return new QueryRequest(
        sql, parameters, name, settings, database, queryId, logComment, roles, timeout);
  }

  /** With these settings instead of those that it has. */
  public QueryRequest withSettings(Map<String, String> others) {
    return new QueryRequest(
        sql, parameters, format, others, database, queryId, logComment, roles, timeout);
  }

  /** With a database for unqualified names. */
  public QueryRequest withDatabase(String name) {
    return new QueryRequest(
        sql, parameters, format, settings, Optional.of(name), queryId, logComment, roles, timeout);
  }

  /** With query id and log_comment. */
  public QueryRequest withPapers(String id, String comment) {
    return new QueryRequest(
        sql,
        parameters,
        format,
        settings,
        database,
        Optional.of(id),
        Optional.of(comment),
        roles,
        timeout);
  }

  /** With roles. */
  public QueryRequest withRoles(List<String> names) {
    return new QueryRequest(
        sql, parameters, format, settings, database, queryId, logComment, names, timeout);
  }

  /** With a socket time-out of its own. */
  public QueryRequest withTimeout(Duration other) {
    return new QueryRequest(
        sql,
        parameters,
        format,
        settings,
        database,
        queryId,
        logComment,
        roles,
        Optional.of(other));
  }
}
