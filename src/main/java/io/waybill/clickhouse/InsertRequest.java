package io.waybill.clickhouse;

import io.waybill.delivery.TableName;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * One insert.
 *
 * @param table target
 * @param columns explicit column list; empty for none
 * @param format format of the body
 * @param settings server settings
 * @param token deduplication token; empty for none
 * @param queryId query id; empty to let one be made
 * @param logComment log_comment; empty for none
 * @param role role to set; empty for none
 * @param body writes the body, in the calling thread, and is not used after the call
 */
public record InsertRequest(
    TableName table,
    List<String> columns,
    String format,
    Map<String, String> settings,
    String token,
    String queryId,
    String logComment,
    String role,
    Body body) {

  /** Writes a body. */
  @FunctionalInterface
  public interface Body {
    void writeTo(OutputStream out) throws IOException;
  }
}
