package io.waybill.control;

import io.waybill.delivery.RunState;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.policy.Identity;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the process that serves a home knows beside the ledger. Thread-safe; methods may read files,
 * and never wait for a flow.
 */
public interface Serving {

  /** The process, and what it works with. */
  Facts facts();

  /** Where the flows that are loaded read from, by name of the flow. */
  List<Source> sources();

  /** What is going on: runs that changed after that mark, the newest mark, and all holds. */
  Pulse pulse(long mark);

  /** What was delivered lately, the oldest slice first; slices without anything are left out. */
  List<Slice> throughput();

  /** What is wrong with route files that are not loaded. */
  List<String> problems();

  /** Connections by name; never a password. */
  List<Connection> connections();

  /** All settings in force; secrets are masked. */
  List<Setting> settings();

  /** The record of a dead letter; empty if it was settled and deleted. */
  Optional<byte[]> record(DeadLetterRow letter) throws IOException;

  /** The header line that its format has; empty if it has none. */
  byte[] header(DeadLetterRow letter) throws IOException;

  /**
   * Settles dead letters by mended records.
   *
   * @param records a file of the dead letters' format, with its header line if it has one
   * @param by who ordered it
   */
  Answer replayMended(List<String> letters, byte[] records, Identity by) throws IOException;

  /**
   * The process.
   *
   * @param home its home
   * @param version Waybill's
   * @param pid its number
   * @param started since when it serves
   * @param clickHouseVersion version of the default ClickHouse, or why there is none
   * @param clickHouseUrl where that is
   * @param auditTrouble why audit events wait; may be empty
   */
  record Facts(
      String home,
      String version,
      long pid,
      Instant started,
      String clickHouseVersion,
      String clickHouseUrl,
      String auditTrouble) {}

  /**
   * Where a flow reads from.
   *
   * @param flow route id
   * @param uri the endpoint, without secrets
   * @param after flows whose runs start it
   */
  record Source(String flow, String uri, List<String> after) {
    public Source {
      after = List.copyOf(after);
    }
  }

  /**
   * What changed.
   *
   * @param mark give it next time
   * @param runs runs that changed
   * @param holds all flows that wait
   */
  record Pulse(long mark, List<LiveRun> runs, List<Hold> holds) {
    public Pulse {
      runs = List.copyOf(runs);
      holds = List.copyOf(holds);
    }
  }

  /**
   * A run of this process as it stands.
   *
   * @param run run id
   * @param flow route id
   * @param location where a person finds the source
   * @param table target
   * @param state state
   * @param reason why it ended so; may be empty
   * @param fraction share of the source that was read, 0 to 1
   * @param rows rows that arrived
   * @param bytes bytes that were sent and settled
   * @param batches batches that were settled
   * @param deadRows rows that were refused
   * @param elapsedMillis since it began, or until it ended
   */
  record LiveRun(
      String run,
      String flow,
      String location,
      String table,
      RunState state,
      String reason,
      double fraction,
      long rows,
      long bytes,
      long batches,
      long deadRows,
      long elapsedMillis) {}

  /** A flow that waits, why, what helps, and since when. */
  record Hold(String flow, String reason, String remedy, Instant since) {}

  /**
   * What one flow delivered in a while.
   *
   * @param flow route id
   * @param from beginning of that while
   * @param seconds how long it is
   * @param rows rows that arrived
   * @param bytes bytes that were settled
   * @param batches batches that were settled
   * @param deadRows rows that were refused
   */
  record Slice(
      String flow, Instant from, int seconds, long rows, long bytes, long batches, long deadRows) {}

  /**
   * A connection.
   *
   * @param name name that routes use
   * @param url where it leads
   * @param user as whom, by now; empty if that cannot be told
   * @param origin configuration, vault-kv or vault-lease
   * @param path where in Vault; may be empty
   * @param expires when its credential ends, if it does
   * @param trouble why there is no credential; may be empty
   */
  record Connection(
      String name,
      String url,
      String user,
      String origin,
      String path,
      Optional<Instant> expires,
      String trouble) {}

  /**
   * A setting.
   *
   * @param key key in application.properties
   * @param value what holds; stars for a secret
   * @param byDefault what holds when nothing is said
   * @param changed whether something is said
   * @param description what it means
   */
  record Setting(String key, String value, String byDefault, boolean changed, String description) {}
}
