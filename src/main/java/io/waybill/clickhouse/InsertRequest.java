package io.waybill.clickhouse;

import io.waybill.delivery.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An insert outside a plan, as the plain {@code clickhouse:} component does it. Immutable; starts
 * at {@link #into}, the {@code with} methods give changed copies.
 *
 * @param table target
 * @param columns explicit column list; empty for all
 * @param format ClickHouse's name of the input format
 * @param settings settings for this request, {@code async_insert} among them
 * @param token value of insert_deduplication_token
 * @param queryId query id; empty for one by the server
 * @param logComment goes to {@code system.query_log}
 * @param roles roles to take for this request; empty for the user's default roles
 * @param timeout instead of the connection's socket time-out
 */
public record InsertRequest(
    TableName table,
    List<String> columns,
    String format,
    Map<String, String> settings,
    Optional<String> token,
    Optional<String> queryId,
    Optional<String> logComment,
    List<String> roles,
    Optional<Duration> timeout) {

  /** Copies what could be changed from outside. */
  public InsertRequest {
    columns = List.copyOf(columns);
    settings = Map.copyOf(settings);
    roles = List.copyOf(roles);
  }

  /** Into all columns, with nothing special. */
  public static InsertRequest into(TableName table, String format) {
    return new InsertRequest(
        table,
        List.of(),
        format,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /** With an explicit column list. */
  public InsertRequest withColumns(List<String> names) {
    return new InsertRequest(
        table, names, format, settings, token, queryId, logComment, roles, timeout);
  }

  /** With these settings instead of those that it has. */
  public InsertRequest withSettings(Map<String, String> others) {
    return new InsertRequest(
        table, columns, format, others, token, queryId, logComment, roles, timeout);
  }

  /** With a deduplication token. */
  public InsertRequest withToken(String value) {
    return new InsertRequest(
        table, columns, format, settings, Optional.of(value), queryId, logComment, roles, timeout);
  }

  /** With query id and log_comment. */
  public InsertRequest withPapers(String id, String comment) {
    return new InsertRequest(
        table,
        columns,
        format,
        settings,
        token,
        Optional.of(id),
        Optional.of(comment),
        roles,
        timeout);
  }

  /** With roles. */
  public InsertRequest withRoles(List<String> names) {
    return new InsertRequest(
        table, columns, format, settings, token, queryId, logComment, names, timeout);
  }

  /** With a socket time-out of its own. */
  public InsertRequest withTimeout(Duration other) {
    return new InsertRequest(
        table, columns, format, settings, token, queryId, logComment, roles, Optional.of(other));
  }
}
