package io.waybill.camel;

import io.waybill.batch.CutLimits;
import io.waybill.batch.DataSize;
import java.time.Duration;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/**
 * Options of {@code waybill:} on how records become batches, and messages their acknowledgement.
 */
@UriParams
public final class BatchOptions {
  private static final Duration PUSHED = Duration.ofSeconds(1);

  @UriParam(description = "Most rows in a batch.", defaultValue = "250000")
  private int batchRows = 250_000;

  @UriParam(description = "Most bytes in a batch.", defaultValue = "64MB")
  private DataSize batchBytes = DataSize.parse("64MB");

  @UriParam(
      description =
          "How many batches may be on their way at once; one more is cut meanwhile. What is in"
              + " memory is bounded by that.",
      defaultValue = "3")
  private int inFlight = 3;

  @UriParam(
      description = "Whether batches arrive in the order of the source: one at a time.",
      defaultValue = "false")
  private boolean ordered;

  @UriParam(
      description =
          "How long single messages are collected into one batch. Each is on disk before it is"
              + " acknowledged. `1s` for sources that push (JMS, AMQP, MQTT, HTTP and the like), else `0`:"
              + " every message is a batch of its own.")
  private Duration batchInterval;

  @UriParam(
      description =
          "When a message that is collected is acknowledged: `spooled`, when it is safe on disk, or"
              + " `committed`, when it is in ClickHouse.",
      enums = "spooled,committed",
      defaultValue = "spooled")
  private String ack = "spooled";

  /** Refuses what cannot be, by the memory that there is for batches. */
  void require(DataSize memory) {
    requirePositive("batchRows", batchRows);
    requirePositive("batchBytes", batchBytes.bytes());
    requirePositive("inFlight", inFlight);
    if (batchBytes.bytes() > memory.bytes()) {
      throw new IllegalArgumentException(
          "batchBytes=%s is more than the memory for batches, %s; make it smaller or give the JVM more with"
                  .formatted(batchBytes, memory)
              + " WAYBILL_JAVA_OPTIONS=-Xmx...");
    }
    if (!ack.equals("spooled") && !ack.equals("committed")) {
      throw new IllegalArgumentException("ack must be spooled or committed");
    }
    if (batchInterval != null && batchInterval.isNegative()) {
      throw new IllegalArgumentException("batchInterval must not be negative");
    }
  }

  private static void requirePositive(String option, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1");
    }
  }

  /** Where a batch ends. */
  public CutLimits limits(long recordBytes) {
    return new CutLimits(batchRows, batchBytes.bytes(), recordBytes);
  }

  /** How many batches may be on their way at once. */
  public int most() {
    return ordered ? 1 : inFlight;
  }

  /** Whether messages are collected; as {@code otherwise} tells if nothing is said of it. */
  boolean isCollecting(boolean otherwise) {
    return batchInterval == null ? otherwise : !batchInterval.isZero();
  }

  /** Whether a message that is collected is acknowledged only when it has arrived. */
  boolean isAcknowledgedCommitted() {
    return ack.equals("committed");
  }

  /** When what was collected is delivered. */
  MessageStream.Rolling rolling(long most) {
    Duration interval = batchInterval == null ? PUSHED : batchInterval;
    return new MessageStream.Rolling(interval, batchRows, batchBytes.bytes(), most);
  }

  public int getBatchRows() {
    return batchRows;
  }

  public void setBatchRows(int batchRows) {
    this.batchRows = batchRows;
  }

  public DataSize getBatchBytes() {
    return batchBytes;
  }

  public void setBatchBytes(DataSize batchBytes) {
    this.batchBytes = batchBytes;
  }

  public int getInFlight() {
    return inFlight;
  }

  public void setInFlight(int inFlight) {
    this.inFlight = inFlight;
  }

  public boolean isOrdered() {
    return ordered;
  }

  public void setOrdered(boolean ordered) {
    this.ordered = ordered;
  }

  public Duration getBatchInterval() {
    return batchInterval;
  }

  public void setBatchInterval(Duration batchInterval) {
    this.batchInterval = batchInterval;
  }

  public String getAck() {
    return ack;
  }

  public void setAck(String ack) {
    this.ack = ack;
  }
}
