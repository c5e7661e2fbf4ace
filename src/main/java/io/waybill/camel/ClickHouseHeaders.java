package io.waybill.camel;

/** The headers of {@code clickhouse:}, named as those of Camel's own camel-clickhouse component. */
public final class ClickHouseHeaders {
  /** In. String. insert, query or ping; wins over the option. Ignored for a planned batch. */
  public static final String OPERATION = "CamelClickHouseOperation";

  /** In. String. Database; wins over the endpoint. Ignored for a planned batch. */
  public static final String DATABASE = "CamelClickHouseDatabase";

  /** In. String. Table; wins over the endpoint. Ignored for a planned batch. */
  public static final String TABLE = "CamelClickHouseTable";

  /** In. String. Format; wins over the option. Ignored for a planned batch. */
  public static final String FORMAT = "CamelClickHouseFormat";

  /** In and out. String. Query id of the request. Ignored for a planned batch. */
  public static final String QUERY_ID = "CamelClickHouseQueryId";

  /** In. String. Deduplication token of an insert. Ignored for a planned batch. */
  public static final String DEDUPLICATION_TOKEN = "CamelClickHouseDeduplicationToken";

  /** Out. Long. Rows that an insert wrote; a dropped duplicate counts as well. */
  public static final String WRITTEN_ROWS = "CamelClickHouseWrittenRows";

  /** Out. Long. Rows that a query read. */
  public static final String READ_ROWS = "CamelClickHouseReadRows";

  /** Out. Boolean. Whether a ping was answered. */
  public static final String PING_OK = "CamelClickHousePingOk";

  private ClickHouseHeaders() {}
}
