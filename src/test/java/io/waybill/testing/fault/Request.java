package io.waybill.testing.fault;

/**
 * A request as its head tells it.
 *
 * @param line request line
 * @param query the {@code query} parameter; empty if the query is in the body
 * @param queryId the {@code query_id} parameter
 * @param token the {@code insert_deduplication_token} parameter
 * @param logComment the {@code log_comment} parameter
 */
public record Request(String line, String query, String queryId, String token, String logComment) {
  static Request of(HttpHead head) {
    return new Request(
        head.firstLine(),
        head.parameter("query"),
        head.parameter("query_id"),
        head.parameter("insert_deduplication_token"),
        head.parameter("log_comment"));
  }

  /** Whether it inserts, into whichever table. */
  public boolean isInsert() {
    return query.regionMatches(true, 0, "INSERT", 0, "INSERT".length());
  }

  /** Whether it inserts rows of a flow, not papers. */
  public boolean isRows() {
    return isInsert() && !isAudit();
  }

  /** Whether it inserts into the audit table. */
  public boolean isAudit() {
    return isInsert() && query.replace("`", "").contains("waybill.audit");
  }
}
