package io.waybill.audit;

import java.util.Arrays;
import java.util.Optional;

/**
 * The fields of audit events, in the order in which they are written; the columns of the table in
 * ClickHouse are the same. A field that an event does not have is the same as one that is empty or
 * 0. New ones come at the end.
 */
public enum AuditField {
  TIME("time", Type.TIME, "when the outcome was known"),
  LEDGER("ledger", Type.UUID, "id of the ledger that wrote the event"),
  EPOCH("epoch", Type.UINT32, "one more each time the ledger was adopted"),
  SEQ("seq", Type.UINT64, "number of the event in ledger and epoch, without gaps"),
  KIND("kind", Type.NAME, "what it tells of: " + AuditKind.labels()),
  FLOW("flow", Type.NAME, "route id"),
  RUN("run", Type.TEXT, "run id"),
  BATCH("batch", Type.TEXT, "batch id"),
  SOURCE(
      "source",
      Type.TEXT,
      "what identifies the source within its flow; a route file; a connection; of retention the kind"
          + " of events"),
  LOCATION("location", Type.TEXT, "where a person finds the source"),
  POSITION_FROM(
      "position_from",
      Type.UINT64,
      "first byte, inclusive; of kind head the first event that has a hash, of ledger and retention an"
          + " epoch"),
  POSITION_TO(
      "position_to",
      Type.UINT64,
      "last byte, exclusive; of kind head the number of the event that was signed, of retention that"
          + " of the last event that is gone, of ledger that of the last event that the ledger knew"),
  FIRST_RECORD("first_record", Type.UINT64, "number of the first record, from 1"),
  DATABASE("database", Type.NAME, "target"),
  TABLE("table", Type.NAME, "target"),
  FORMAT("format", Type.NAME, "as ClickHouse names it"),
  ROWS(
      "rows",
      Type.UINT64,
      "records of the batch; committed rows of a run; events that were pruned"),
  PARENT("parent", Type.TEXT, "batch that it took the place of, without bad records"),
  BYTES("bytes", Type.UINT64, "payload, header line included; committed bytes of a run"),
  DIGEST(
      "digest",
      Type.TEXT,
      "hex SHA-256 of the payload, of the route file, of the policy; of kind head the hash that was"
          + " signed, of retention that of the last event that is gone"),
  TOKEN("token", Type.TEXT, "insert_deduplication_token"),
  QUERY_ID("query_id", Type.TEXT, "of all attempts"),
  ATTEMPTS("attempts", Type.UINT32, "how often it was sent"),
  OUTCOME(
      "outcome",
      Type.NAME,
      "what came of it: committed, split or dead of a batch; the state of a run; replayed, discarded or"
          + " missing; loaded, changed, removed or refused; done or failed; signed"),
  DEAD_ROWS("dead_rows", Type.UINT64, "records that became dead letters"),
  ERROR_CODE("error_code", Type.INT32, "0 when committed"),
  ERROR_NAME("error_name", Type.NAME, "empty when committed"),
  REASON("reason", Type.TEXT, "empty when committed"),
  CLICKHOUSE_HOST("clickhouse_host", Type.NAME, "who answered"),
  CLICKHOUSE_USER("clickhouse_user", Type.NAME, "who wrote; of kind lease the user that was made"),
  ORDERED_BY(
      "ordered_by",
      Type.NAME,
      "the person who decided what no batch decides; who wrote the route file"),
  PLANNED_AT("planned_at", Type.TIME, "when the batch was written down"),
  ELAPSED_MS(
      "elapsed_ms", Type.UINT64, "how long it took; of a batch first byte to answer, last attempt"),
  HOST("host", Type.NAME, "host of Waybill"),
  WAYBILL_VERSION("waybill_version", Type.NAME, "version of Waybill"),
  DIGEST_BEFORE("digest_before", Type.TEXT, "of the route file or policy that was loaded before"),
  FLOWS("flows", Type.NAMES, "flows of the route file"),
  IDENTITY_SOURCE(
      "identity_source",
      Type.NAME,
      "who vouches for ordered_by: oidc, token, local, flow or vault"),
  ROLE("role", Type.NAME, "role that was acted under"),
  ACTION("action", Type.NAME, "what was ordered, tried or done"),
  RULE("rule", Type.TEXT, "line of the policy that decided"),
  ENVIRONMENT("environment", Type.NAME, "environment of the policy"),
  TRIGGER("trigger", Type.TEXT, "occasion that the flow was started on"),
  LEASE("lease", Type.TEXT, "id of the lease; never the secret"),
  ACCESSOR("accessor", Type.TEXT, "of the login; never the token"),
  DETAIL("detail", Type.TEXT, "diff of a route file or policy, arguments of an order"),
  UNTIL(
      "until", Type.TIME, "of retention: what was older is gone; of a lease or approval: its end"),
  SIGNATURE("signature", Type.TEXT, "base64; of kind head"),
  PUBLIC_KEY(
      "public_key", Type.TEXT, "base64 of the key that verifies the signature; of kind head"),
  PREVIOUS("previous", Type.TEXT, "hash of the event before"),
  HASH("hash", Type.TEXT, "hex SHA-256 over the event and the hash of the one before");

  /** Types of values. */
  public enum Type {
    /** An instant to the microsecond. */
    TIME,
    /** A UUID. */
    UUID,
    /** Text of few values. */
    NAME,
    /** Text. */
    TEXT,
    /** Texts of few values. */
    NAMES,
    /** A number from 0 to 2^32. */
    UINT32,
    /** A number from 0 to 2^63. */
    UINT64,
    /** A number with sign. */
    INT32
  }

  private final String column;
  private final Type type;
  private final String meaning;

  AuditField(String column, Type type, String meaning) {
    this.column = column;
    this.type = type;
    this.meaning = meaning;
  }

  /** Its name in JSON and in the table. */
  public String column() {
    return column;
  }

  /** The type of its values. */
  public Type type() {
    return type;
  }

  /** For documentation and as comment of the column. */
  public String meaning() {
    return meaning;
  }

  /** The field of this name, if this version knows it. */
  static Optional<AuditField> of(String column) {
    return Arrays.stream(values()).filter(field -> field.column.equals(column)).findFirst();
  }
}
