package io.waybill.ledger;

import io.waybill.audit.AuditKind;
import io.waybill.batch.Format;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of dead letters: sent again or discarded, each of them once. Every change is durable
 * when its method returns. Thread-safe. All methods throw {@link LedgerException}.
 */
public final class ReplayBook {
  private static final String EVENTS =
      """
      SELECT dead_letter.batch, dead_letter.run, dead_letter.flow, unit.source_id, run.location,
        unit.target_database, unit.target_table, unit.format, SUM(dead_letter.records) AS letters
      FROM dead_letter JOIN run ON run.id = dead_letter.run JOIN unit ON unit.id = run.unit
      """;
  private static final String BY_BATCH =
      """

      GROUP BY dead_letter.batch, dead_letter.run, dead_letter.flow, unit.source_id, run.location,
        unit.target_database, unit.target_table, unit.format
      ORDER BY dead_letter.batch""";

  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;

  ReplayBook(LedgerDatabase database, Identity identity, Origin origin) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
  }

  /** The dead letters that are meant, in the order in which they were stored. */
  public List<DeadLetterRow> letters(DeadLetterSelection selection) {
    return database.read(
        "list dead letters",
        connection -> DeadLetterRows.selected(connection, selection, Integer.MAX_VALUE));
  }

  /**
   * Claims dead letters for a replay; its number is the ledger's.
   *
   * @throws LedgerException if one of them was claimed or settled already
   */
  public Replay claim(Replay wanted, List<String> letters, Instant at) {
    return database.transaction(
        "claim dead letters",
        connection -> {
          long number =
              Sql.number(
                  connection,
                  """
                  INSERT INTO replay (flow, target_database, target_table, format, source_id, file,
                    mended, letters, state, ordered_by, created_at)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?) RETURNING id""",
                  wanted.flow(),
                  wanted.target().database(),
                  wanted.target().table(),
                  wanted.format().clickHouseName(),
                  wanted.sourceId(),
                  wanted.file(),
                  wanted.mended() ? 1 : 0,
                  letters.size(),
                  wanted.orderedBy(),
                  at);
          for (String letter : letters) {
            Sql.updateOne(
                connection,
                "dead letter " + letter + " is being replayed or settled already",
                "UPDATE dead_letter SET state = 'replaying', replay = ? WHERE id = ? AND state = 'stored'",
                number,
                letter);
          }
          return find(connection, number);
        });
  }

  /** Replays that have not ended, of one flow or of all. */
  public List<Replay> open(Optional<String> flow) {
    return database.read(
        "list replays",
        connection ->
            Sql.list(
                connection,
                ReplayBook::replay,
                "SELECT * FROM replay WHERE state = 'open' AND (CAST(? AS TEXT) IS NULL OR flow = ?) ORDER BY id",
                flow.orElse(null),
                flow.orElse(null)));
  }

  /** Notes which run delivered all of it: its dead letters are settled. */
  public void done(Replay replay, String run, Instant at) {
    database.change(
        "end a replay",
        connection -> {
          end(connection, replay, "done", run, at);
          List<DecisionPapers> settled = settled(connection, replay, run, at);
          Sql.update(
              connection,
              """
              UPDATE dead_letter SET state = 'replayed', settled_at = ?, settled_by = ?, note = ?
              WHERE replay = ? AND state = 'replaying'""",
              at,
              replay.orderedBy(),
              "by run " + run,
              replay.number());
          for (DecisionPapers each : settled) {
            AuditStore.add(connection, each.event(), identity, origin);
          }
        });
  }

  /** Gives the dead letters of a replay back of which nothing arrived. */
  public void failed(Replay replay, String run, Instant at) {
    database.change(
        "end a replay",
        connection -> {
          end(connection, replay, "failed", run, at);
          Sql.update(
              connection,
              "UPDATE dead_letter SET state = 'stored', replay = NULL WHERE replay = ?",
              replay.number());
        });
  }

  /**
   * Settles dead letters that nobody needs.
   *
   * @param reason why; kept
   * @throws LedgerException if one of them was claimed or settled already
   */
  public void discard(List<String> letters, String reason, String by, Instant at) {
    database.change(
        "discard dead letters",
        connection -> {
          for (String letter : letters) {
            Sql.updateOne(
                connection,
                "dead letter " + letter + " is being replayed or settled already",
                """
                UPDATE dead_letter SET state = 'discarded', settled_at = ?, settled_by = ?, note = ?
                WHERE id = ? AND state = 'stored'""",
                at,
                by,
                reason,
                letter);
          }
          for (DecisionPapers each : discarded(connection, reason, by, at)) {
            AuditStore.add(connection, each.event(), identity, origin);
          }
        });
  }

  /** The dead letters of a replay. */
  public List<DeadLetterRow> settledBy(Replay replay) {
    return database.read(
        "list dead letters",
        connection ->
            Sql.list(
                connection,
                DeadLetterRows::row,
                DeadLetterRows.SELECT + "WHERE dead_letter.replay = ?",
                replay.number()));
  }

  /** Whether every dead letter in this file is settled, so that nobody needs its bytes. */
  public boolean isSettled(String file) {
    return database.read(
        "look for dead letters",
        connection ->
            Sql.number(
                    connection,
                    """
                    SELECT COUNT(*) FROM dead_letter
                    WHERE file = ? AND state IN ('stored', 'replaying')""",
                    file)
                == 0);
  }

  /** Whether a batch of this run arrived, or may have. */
  public boolean mayHaveArrived(String run) {
    return database.read(
        "look for batches",
        connection ->
            Sql.number(
                    connection,
                    """
                    SELECT COUNT(*) FROM batch WHERE run = ?
                    AND (state IN ('committed', 'split', 'dead') OR attempts > refused)""",
                    run)
                > 0);
  }

  private static void end(
      Connection connection, Replay replay, String state, String run, Instant at)
      throws SQLException {
    Sql.updateOne(
        connection,
        "replay " + replay.number() + " has ended already",
        "UPDATE replay SET state = ?, run = ?, ended_at = ? WHERE id = ? AND state = 'open'",
        state,
        run,
        at,
        replay.number());
  }

  private static List<DecisionPapers> settled(
      Connection connection, Replay replay, String run, Instant at) throws SQLException {
    return Sql.list(
        connection,
        row -> event(row, "replayed", run, replay.mended() ? "mended" : "", replay.orderedBy(), at),
        EVENTS + "WHERE replay = ? AND dead_letter.state = 'replaying'" + BY_BATCH,
        replay.number());
  }

  private static List<DecisionPapers> discarded(
      Connection connection, String reason, String by, Instant at) throws SQLException {
    return Sql.list(
        connection,
        row -> event(row, "discarded", row.getString("run"), reason, by, at),
        EVENTS
            + "WHERE dead_letter.state = 'discarded' AND settled_at = ? AND settled_by = ?"
            + BY_BATCH,
        at,
        by);
  }

  private static DecisionPapers event(
      ResultSet row, String outcome, String run, String reason, String by, Instant at)
      throws SQLException {
    return new DecisionPapers(
        AuditKind.DEAD_LETTERS,
        at,
        row.getString("flow"),
        run,
        row.getString("batch"),
        row.getString("source_id"),
        row.getString("location"),
        row.getString("target_database"),
        row.getString("target_table"),
        row.getString("format"),
        row.getLong("letters"),
        outcome,
        reason,
        by);
  }

  private static Replay find(Connection connection, long number) throws SQLException {
    return Sql.first(connection, ReplayBook::replay, "SELECT * FROM replay WHERE id = ?", number)
        .orElseThrow(() -> new SQLException("the replay is gone"));
  }

  private static Replay replay(ResultSet row) throws SQLException {
    return new Replay(
        row.getLong("id"),
        row.getString("flow"),
        new TableName(row.getString("target_database"), row.getString("target_table")),
        Format.of(row.getString("format")),
        row.getString("source_id"),
        row.getString("file"),
        row.getInt("mended") == 1,
        row.getLong("letters"),
        row.getString("run"),
        row.getString("ordered_by"));
  }
}
