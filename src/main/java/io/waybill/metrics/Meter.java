package io.waybill.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Every meter of Waybill's own; {@code docs/metrics.md} is checked against it, dashboard and alert
 * rules too. Labels have few values: names of flows, states, partitions. None has anything of a
 * row.
 */
public enum Meter {
  ROWS_FETCHED(
      "waybill_rows_fetched_total",
      Kind.COUNTER,
      "rows",
      "read from sources and planned, or taken up again that an earlier process had planned; each"
          + " once a process, however often it is sent",
      Label.FLOW),
  ROWS_DELIVERED(
      "waybill_rows_delivered_total",
      Kind.COUNTER,
      "rows",
      "in ClickHouse, by its answer",
      Label.FLOW),
  ROWS_DEAD(
      "waybill_rows_dead_total",
      Kind.COUNTER,
      "rows",
      "refused for their content and kept as dead letters; fetched less delivered less dead is what"
          + " is on its way or in doubt",
      Label.FLOW),
  BYTES_FETCHED(
      "waybill_bytes_fetched_total", Kind.COUNTER, "bytes", "of the rows fetched", Label.FLOW),
  BYTES_DELIVERED(
      "waybill_bytes_delivered_total", Kind.COUNTER, "bytes", "of the rows delivered", Label.FLOW),
  BYTES_DEAD(
      "waybill_bytes_dead_total", Kind.COUNTER, "bytes", "of the rows that are dead", Label.FLOW),
  BATCHES_SETTLED(
      "waybill_batches_settled_total",
      Kind.COUNTER,
      "batches",
      "settled as committed, split (another one without its bad rows takes its place) or dead",
      Label.FLOW,
      Label.STATE),
  BATCHES_IN_FLIGHT(
      "waybill_batches_in_flight",
      Kind.GAUGE,
      "batches",
      "being sent now, pauses before retries included",
      Label.FLOW),
  BATCH_ROWS("waybill_batch_rows", Kind.SUMMARY, "rows", "of a committed batch", Label.FLOW),
  BATCH_BYTES("waybill_batch_bytes", Kind.SUMMARY, "bytes", "of a committed batch", Label.FLOW),
  BATCH_DURATION(
      "waybill_batch_duration_seconds",
      Kind.TIMER,
      "seconds",
      "from when a batch is taken up for sending until it is settled, retries included",
      Label.FLOW),
  INSERT_DURATION(
      "waybill_insert_duration_seconds",
      Kind.TIMER,
      "seconds",
      "of one attempt to insert, by what came of it: committed, or a verdict",
      Label.FLOW,
      Label.OUTCOME),
  INSERT_RETRIES(
      "waybill_insert_retries_total",
      Kind.COUNTER,
      "attempts",
      "that are made again, by verdict: retry, wait or unknown",
      Label.FLOW,
      Label.VERDICT),
  DELAY(
      "waybill_delay_seconds",
      Kind.TIMER,
      "seconds",
      "from a file's last change, a message's arrival or the time of a batch's oldest Kafka record"
          + " until the batch is committed",
      Label.FLOW),
  RUNS_ENDED(
      "waybill_runs_ended_total",
      Kind.COUNTER,
      "runs",
      "ended, by state; one that was held or failed and goes on may end again",
      Label.FLOW,
      Label.STATE),
  RUN_LAST_COMPLETED(
      "waybill_run_last_completed_timestamp_seconds",
      Kind.GAUGE,
      "seconds",
      "when a run was completed last, since 1970; not there before this process completed one",
      Label.FLOW),
  FLOW_HELD("waybill_flow_held", Kind.GAUGE, "", "1 while the flow is held, else 0", Label.FLOW),
  SOURCE_WAITING(
      "waybill_source_waiting",
      Kind.GAUGE,
      "messages",
      "files, objects or messages that the flow's last poll found and that are not taken up yet;"
          + " of sources that are polled",
      Label.FLOW),
  SOURCE_LAG(
      "waybill_source_lag_records",
      Kind.GAUGE,
      "records",
      "of a Kafka partition that this process has, behind what is settled",
      Label.FLOW,
      Label.PARTITION),
  SPOOL_FILES("waybill_spool_files", Kind.GAUGE, "files", "that wait in the spool", Label.FLOW),
  SPOOL_BYTES("waybill_spool_bytes", Kind.GAUGE, "bytes", "that wait in the spool", Label.FLOW),
  SPOOL_AGE(
      "waybill_spool_age_seconds",
      Kind.GAUGE,
      "seconds",
      "since the oldest file in the spool was written last; 0 when nothing waits",
      Label.FLOW),
  LEDGER_TRANSACTION(
      "waybill_ledger_transaction_seconds",
      Kind.TIMER,
      "seconds",
      "of one change of the ledger, from waiting for its turn until it is on disk"),
  LEDGER_UP("waybill_ledger_up", Kind.GAUGE, "", "1 if the ledger could be read, else 0"),
  CLICKHOUSE_UP(
      "waybill_clickhouse_up", Kind.GAUGE, "", "1 if ClickHouse answered last time, else 0"),
  AUDIT_PENDING("waybill_audit_pending", Kind.GAUGE, "events", "that are not in waybill.audit yet"),
  AUDIT_TROUBLE(
      "waybill_audit_trouble", Kind.GAUGE, "", "1 while they cannot be carried there, else 0"),
  CREDENTIAL_EXPIRY(
      "waybill_credential_expiry_timestamp_seconds",
      Kind.GAUGE,
      "seconds",
      "until when the login to Vault (vault) or a lease is good, since 1970; renewed before",
      Label.CREDENTIAL),
  ROUTE_FILES_REFUSED(
      "waybill_route_files_refused",
      Kind.GAUGE,
      "files",
      "whose newest version is not loaded; the one before goes on"),
  ALERTS(
      "waybill_alerts_total",
      Kind.COUNTER,
      "alerts",
      "by kind, and whether the route direct:waybill-alert took them: sent or failed",
      Label.KIND,
      Label.OUTCOME),
  LINEAGE_EVENTS(
      "waybill_lineage_events_total",
      Kind.COUNTER,
      "events",
      "of OpenLineage, by what became of them: sent, dropped because too many waited, or failed",
      Label.OUTCOME);

  /** What a meter is. */
  public enum Kind {
    COUNTER,
    GAUGE,
    /** Count, sum and greatest of late. */
    SUMMARY,
    /** Count, sum, greatest of late and buckets. */
    TIMER;

    /** As it is told to people. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Labels. */
  enum Label {
    FLOW,
    STATE,
    OUTCOME,
    VERDICT,
    PARTITION,
    CREDENTIAL,
    KIND;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String TOTAL = "_total";
  private final String meterName;
  private final Kind kind;
  private final String unit;
  private final String description;
  private final String labels;

  Meter(String meterName, Kind kind, String unit, String description, Label... labels) {
    this.meterName = meterName;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.labels = Arrays.stream(labels).map(Label::key).collect(Collectors.joining(","));
  }

  /** The name that Prometheus has for it, without {@code _bucket} and the like. */
  public String meterName() {
    return meterName;
  }

  /** What it is. */
  public Kind kind() {
    return kind;
  }

  /** What it counts; empty for a yes or no. */
  public String unit() {
    return unit;
  }

  /** What it tells. */
  public String description() {
    return description;
  }

  /** Names of its labels, in their order. */
  public List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(",", -1));
  }

  /** The names of the time series that come of it. */
  public List<String> series() {
    return switch (kind) {
      case COUNTER, GAUGE -> List.of(meterName);
      case SUMMARY -> List.of(meterName + "_count", meterName + "_sum", meterName + "_max");
      case TIMER ->
          List.of(
              meterName + "_bucket", meterName + "_count", meterName + "_sum", meterName + "_max");
    };
  }

  /** All series of all meters. */
  public static List<String> allSeries() {
    return Arrays.stream(values()).flatMap(meter -> meter.series().stream()).toList();
  }

  /** The name that Micrometer is given, to which it adds what Prometheus wants. */
  String givenName() {
    return meterName.endsWith(TOTAL)
        ? meterName.substring(0, meterName.length() - TOTAL.length())
        : meterName;
  }
}
