package io.waybill.camel;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** Options of {@code waybill:} on extracts of a table by key. */
@UriParams
public final class ExtractOptions {
  private static final String NONE = "none";

  @UriParam(
      description =
          "Column by which a table is extracted with sql: or jdbc:, in ascending order. The last settled"
              + " key is at hand in the query as `CamelWaybillCheckpoint`.")
  private String key = "";

  @UriParam(
      description =
          "Key that the first extract begins behind: a number, an ISO-8601 date or time, a UUID, or"
              + " text. Must be given with key.")
  private String keyStart;

  @UriParam(
      description =
          "How long ago a time must be for all its transactions to have ended; `CamelWaybillUntil` is"
              + " that much before now, by the clock of dataSource, or without it of this machine.",
      defaultValue = "0")
  private Duration keyLag = Duration.ZERO;

  @UriParam(
      description =
          "`snapshot` lets PostgreSQL tell up to which key of keyTable no transaction is open any more;"
              + " `CamelWaybillUntil` is that key.",
      enums = "none,snapshot",
      defaultValue = NONE)
  private String keyBound = NONE;

  @UriParam(description = "Table that keyBound is asked for, with its schema or without.")
  private String keyTable = "";

  @UriParam(
      description =
          "How long keyBound waits for open transactions to end; then the bound of before is used.",
      defaultValue = "5s")
  private Duration keyWait = Duration.ofSeconds(5);

  @UriParam(description = "Database that keyBound and keyLag ask, such as `#shop`.")
  private DataSource dataSource;

  void require() {
    boolean lag = !keyLag.isZero();
    if (!keyBound.equals(NONE) && !isSnapshotBound()) {
      throw new IllegalArgumentException("keyBound must be none or snapshot");
    }
    if (!isKeyed() && (lag || isSnapshotBound() || keyStart != null)) {
      throw new IllegalArgumentException("keyStart, keyLag and keyBound need key=");
    }
    if (isKeyed() && keyStart == null) {
      throw new IllegalArgumentException(
          "key=%s needs keyStart=, which the first extract begins behind, such as 0 or 1970-01-01T00:00:00Z"
              .formatted(key));
    }
    if (lag && isSnapshotBound()) {
      throw new IllegalArgumentException("keyLag and keyBound exclude each other");
    }
    if (lag && (keyLag.isNegative() || !KeyValue.written(keyStart).isTime())) {
      throw new IllegalArgumentException(
          "keyLag is a time for keys that are times, with keyStart such as 1970-01-01T00:00:00Z");
    }
    if (isSnapshotBound() && (dataSource == null || keyTable.isEmpty())) {
      throw new IllegalArgumentException("keyBound=snapshot needs dataSource= and keyTable=");
    }
  }

  /** Whether a table is extracted by key. */
  boolean isKeyed() {
    return !key.isEmpty();
  }

  private boolean isSnapshotBound() {
    return keyBound.equals("snapshot");
  }

  /** Whether rows that are committed late can be left out by an extract. */
  public boolean isUnbounded() {
    return isKeyed() && keyLag.isZero() && !isSnapshotBound();
  }

  /** Up to where tables are extracted; empty if nothing is said. */
  Optional<KeyBound> bound(Clock clock) {
    if (isSnapshotBound()) {
      return Optional.of(new SnapshotBound(dataSource, keyTable, key, keyWait));
    }
    return keyLag.isZero()
        ? Optional.empty()
        : Optional.of(new LagBound(keyLag, clock, Optional.ofNullable(dataSource)));
  }

  public String getKey() {
    return key;
  }

  public void setKey(String key) {
    this.key = key;
  }

  public String getKeyStart() {
    return keyStart;
  }

  public void setKeyStart(String keyStart) {
    this.keyStart = keyStart;
  }

  public Duration getKeyLag() {
    return keyLag;
  }

  public void setKeyLag(Duration keyLag) {
    this.keyLag = keyLag;
  }

  public String getKeyBound() {
    return keyBound;
  }

  public void setKeyBound(String keyBound) {
    this.keyBound = keyBound;
  }

  public String getKeyTable() {
    return keyTable;
  }

  public void setKeyTable(String keyTable) {
    this.keyTable = keyTable;
  }

  public Duration getKeyWait() {
    return keyWait;
  }

  public void setKeyWait(Duration keyWait) {
    this.keyWait = keyWait;
  }

  public DataSource getDataSource() {
    return dataSource;
  }

  public void setDataSource(DataSource dataSource) {
    this.dataSource = dataSource;
  }
}
