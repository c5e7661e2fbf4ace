package io.waybill.camel;

/**
 * The headers that Waybill sets: on the batch exchange of {@code direct:waybill-deliver}, and those
 * marked so on the flow's own message when {@code waybill:} is through. They inform; nothing that
 * keeps rows from being lost or doubled is read from them.
 */
public final class WaybillHeaders {
  /** String. Route id of the flow. Also on the flow's message. */
  public static final String FLOW = "CamelWaybillFlow";

  /** String. Run id. Also on the flow's message. */
  public static final String RUN = "CamelWaybillRun";

  /** String. Batch id. */
  public static final String BATCH = "CamelWaybillBatch";

  /** String. Byte and record range in the source. */
  public static final String POSITION = "CamelWaybillPosition";

  /** Long. Rows of the batch; on the flow's message the rows that this message brought. */
  public static final String ROWS = "CamelWaybillRows";

  /** Long. Payload bytes of the batch. */
  public static final String BYTES = "CamelWaybillBytes";

  /** String. Hex SHA-256 of the payload. */
  public static final String DIGEST = "CamelWaybillDigest";

  /** String. Deduplication token. */
  public static final String TOKEN = "CamelWaybillToken";

  /** String. Query id, the same for all attempts. */
  public static final String QUERY_ID = "CamelWaybillQueryId";

  /** String. Role that the flow writes as; absent when it has none. */
  public static final String ROLE = "CamelWaybillRole";

  /** Integer. Attempt, from 1; on the dead-letter exchange the last one. */
  public static final String ATTEMPT = "CamelWaybillAttempt";

  /** Instant. When the batch was planned; on the flow's message when the run began. */
  public static final String STARTED_AT = "CamelWaybillStartedAt";

  /**
   * Long. Milliseconds from the first byte sent to the answer; on the flow's message of the run.
   */
  public static final String ELAPSED_MILLIS = "CamelWaybillElapsedMillis";

  /**
   * String. On the flow's message {@code completed}, {@code completed_with_dead_letters}, {@code
   * unchanged}, {@code spooled}, {@code duplicate} or {@code held}; on the dead-letter exchange
   * {@code dead}.
   */
  public static final String OUTCOME = "CamelWaybillOutcome";

  /** Integer. ClickHouse error code, on the dead-letter exchange. */
  public static final String ERROR_CODE = "CamelWaybillErrorCode";

  /**
   * String. Where the refused records are, below data/dead-letters; on the dead-letter exchange.
   */
  public static final String DEAD_LETTER_FILE = "CamelWaybillDeadLetterFile";

  /**
   * String. What tells a message that is collected from all others: set by a flow before {@code
   * waybill:}, and by {@code debezium-postgres:}.
   */
  public static final String MESSAGE_ID = "CamelWaybillMessageId";

  /**
   * Number, Timestamp, LocalDateTime, Date, String or UUID. The last settled key of the flow, or
   * its first value; on the message that enters a flow with {@code key}, and a variable too.
   */
  public static final String CHECKPOINT = "CamelWaybillCheckpoint";

  /**
   * As the checkpoint. Up to which key everything is committed at the source; with {@code keyBound}
   * or {@code keyLag}, and a variable too.
   */
  public static final String UNTIL = "CamelWaybillUntil";

  /**
   * String. Id of the trigger that started the flow; on the messages that it brings into the flow.
   */
  public static final String TRIGGER = "CamelWaybillTrigger";

  /** Instant. The time that the trigger is for. */
  public static final String DUE = "CamelWaybillDue";

  /**
   * String. A parameter of the trigger; an underscore and the parameter's name follow: {@code
   * CamelWaybillParameter_day}.
   */
  public static final String PARAMETER = "CamelWaybillParameter";

  /**
   * String. {@code failed}, {@code held}, {@code late} or {@code dead_letters}; on the exchange of
   * {@code direct:waybill-alert}, as the four below.
   */
  public static final String ALERT_KIND = "CamelWaybillAlertKind";

  /** String. Route id of the flow that the alert is about. */
  public static final String ALERT_FLOW = "CamelWaybillAlertFlow";

  /** String. Run id; absent if the alert is about no single run. */
  public static final String ALERT_RUN = "CamelWaybillAlertRun";

  /** String. What happened; without values of rows and secrets. */
  public static final String ALERT_REASON = "CamelWaybillAlertReason";

  /** String. What a person can do; may be empty. */
  public static final String ALERT_REMEDY = "CamelWaybillAlertRemedy";

  private WaybillHeaders() {}
}
