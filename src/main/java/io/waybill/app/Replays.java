package io.waybill.app;

import io.waybill.batch.FileSource;
import io.waybill.batch.Format;
import io.waybill.control.Answer;
import io.waybill.control.Answer.Outcome;
import io.waybill.control.Order;
import io.waybill.delivery.Claims;
import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.Demand;
import io.waybill.delivery.FaultPoint;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Run;
import io.waybill.delivery.RunFailedException;
import io.waybill.delivery.RunResult;
import io.waybill.delivery.Step;
import io.waybill.delivery.TableName;
import io.waybill.delivery.Unit;
import io.waybill.ledger.DeadLetterFiles;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.Replay;
import io.waybill.ledger.ReplayBook;
import io.waybill.ledger.RunRow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends dead letters again, as they are or mended, and discards them. A replay is a source of its
 * own: claimed in the ledger before anything is sent, delivered as any other, and its dead letters
 * are settled when all of it is. Thread-safe.
 */
final class Replays {
  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
  private static final String TRUNCATED = "TRUNCATED";
  private final JdbcLedger ledger;
  private final ReplayBook book;
  private final DeadLetterFiles files;
  private final FlowDesk desk;
  private final Clock clock;
  private final FaultPoint faults;

  Replays(JdbcLedger ledger, DeadLetterFiles files, FlowDesk desk, Clock clock, FaultPoint faults) {
    this.ledger = ledger;
    this.book = ledger.replays();
    this.files = files;
    this.desk = desk;
    this.clock = clock;
    this.faults = faults;
  }

  /** Dead letters that can be one source. */
  private record Kind(String flow, String table, String format, String header) {}

  Answer replay(Order.Replay order, String by) {
    Chosen chosen = chosen(order.letters());
    List<String> lines = new ArrayList<>(chosen.notes());
    Outcome outcome = Outcome.DONE;
    if (chosen.missing() || chosen.stored().isEmpty()) {
      return nothing(chosen);
    }
    Map<Kind, List<DeadLetterRow>> kinds = new LinkedHashMap<>();
    try {
      for (DeadLetterRow letter : chosen.stored()) {
        if (letter.errorName().equals(TRUNCATED)) {
          lines.add(letter.id() + " is truncated: export it, mend it and replay the file");
          outcome = Outcome.REFUSED;
        } else {
          kinds.computeIfAbsent(kind(letter), any -> new ArrayList<>()).add(letter);
        }
      }
      for (Map.Entry<Kind, List<DeadLetterRow>> each : kinds.entrySet()) {
        byte[] header = HexFormat.of().parseHex(each.getKey().header());
        Answer answer =
            claimed(
                each.getValue(),
                false,
                by,
                format -> files.keep(each.getKey().flow(), format, header, each.getValue()));
        lines.addAll(answer.lines());
        outcome = outcome.and(answer.outcome());
      }
    } catch (IOException e) {
      lines.add("cannot read or keep dead letters: " + e.getMessage());
      outcome = Outcome.HELD_OR_FAILED;
    }
    return new Answer(outcome, lines);
  }

  Answer replayMended(Order.ReplayMended order, String by) {
    Chosen chosen = chosen(order.letters());
    if (chosen.missing() || chosen.stored().isEmpty()) {
      return nothing(chosen);
    }
    if (!chosen.notes().isEmpty()) {
      List<String> lines = new ArrayList<>(chosen.notes());
      lines.add("a mended file settles all of its dead letters at once; export the others again");
      return new Answer(Outcome.REFUSED, lines);
    }
    DeadLetterRow first = chosen.stored().get(0);
    try {
      for (DeadLetterRow letter : chosen.stored()) {
        if (!letter.flow().equals(first.flow()) || !letter.format().equals(first.format())) {
          return Answers.refused("the dead letters of one file are of one flow and format");
        }
      }
      return claimed(
          chosen.stored(),
          true,
          by,
          format -> files.keep(first.flow(), format, Path.of(order.file())));
    } catch (IOException e) {
      return Answers.refused("cannot read " + order.file() + ": " + e.getMessage());
    }
  }

  Answer discard(Order.Discard order, String by) {
    Chosen chosen = chosen(order.letters());
    if (chosen.missing() || chosen.stored().isEmpty()) {
      return nothing(chosen);
    }
    List<String> ids = chosen.stored().stream().map(DeadLetterRow::id).toList();
    book.discard(ids, order.reason(), by, clock.instant());
    forgetSettled(chosen.stored());
    List<String> lines = new ArrayList<>(chosen.notes());
    lines.add(Answers.count(ids.size()) + " dead letters discarded: " + order.reason());
    return new Answer(Outcome.DONE, lines);
  }

  /**
   * Dead letters that somebody named.
   *
   * @param stored those that wait
   * @param notes why others do not
   * @param missing whether some are not known
   */
  private record Chosen(List<DeadLetterRow> stored, List<String> notes, boolean missing) {}

  private static Answer nothing(Chosen chosen) {
    List<String> lines = new ArrayList<>(chosen.notes());
    lines.add(
        chosen.missing()
            ? "nothing was done"
            : "nothing was done: these dead letters are settled, or about to be");
    return new Answer(Outcome.REFUSED, lines);
  }

  private Chosen chosen(List<String> ids) {
    List<DeadLetterRow> found = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += 1000) {
      found.addAll(
          book.letters(
              DeadLetterSelection.of(ids.subList(from, Math.min(ids.size(), from + 1000)))));
    }
    TreeSet<String> missing = new TreeSet<>(ids);
    List<String> notes = new ArrayList<>();
    List<DeadLetterRow> stored = new ArrayList<>();
    for (DeadLetterRow letter : found) {
      missing.remove(letter.id());
      if (letter.state() == DeadLetterRow.State.STORED) {
        stored.add(letter);
      } else {
        notes.add(
            "%s is %s %s".formatted(letter.id(), letter.state().label(), letter.note()).strip());
      }
    }
    missing.forEach(id -> notes.add("there is no dead letter " + id));
    return new Chosen(stored, notes, !missing.isEmpty());
  }

  private Kind kind(DeadLetterRow letter) throws IOException {
    return new Kind(
        letter.flow(),
        letter.table(),
        letter.format(),
        HexFormat.of().formatHex(files.header(letter)));
  }

  /** Keeps the records in a file that a replay sends. */
  @FunctionalInterface
  private interface Keeper {
    String keep(Format format) throws IOException;
  }

  private Answer claimed(List<DeadLetterRow> letters, boolean mended, String by, Keeper keeper)
      throws IOException {
    DeadLetterRow first = letters.get(0);
    Optional<TableName> target = desk.target(first.flow());
    if (target.isEmpty()) {
      return Answers.refused("flow " + first.flow() + " is not loaded; see ./waybill check");
    }
    if (!target.get().toString().equals(first.table())) {
      return Answers.refused(
          "dead letters of flow %s are for %s, and the flow goes to %s now"
              .formatted(first.flow(), first.table(), target.get()));
    }
    Format format = Format.of(first.format());
    // the file first: what the ledger knows of a replay can be sent after any crash
    String file = keeper.keep(format);
    faults.reached(Step.REPLAY_KEPT);
    Replay replay;
    try {
      replay =
          book.claim(
              new Replay(
                  0,
                  first.flow(),
                  target.get(),
                  format,
                  Unit.replayId(UUID.randomUUID().toString()),
                  file,
                  mended,
                  letters.size(),
                  "",
                  by),
              letters.stream().map(DeadLetterRow::id).toList(),
              clock.instant());
    } catch (LedgerException e) {
      files.forget(file);
      return Answers.refused(e.getMessage());
    }
    faults.reached(Step.REPLAY_CLAIMED);
    return send(replay);
  }

  /** Where several processes share the ledger, only one of them sends it. */
  private Answer send(Replay replay) {
    Claims claims = ledger.claims();
    try (Claims.Claim mine = claims.claim(replay.flow(), replay.sourceId()).orElse(null)) {
      return mine == null
          ? Answers.refused("another process sends these dead letters")
          : sendClaimed(replay);
    }
  }

  private Answer sendClaimed(Replay replay) {
    try {
      RunResult result =
          desk.deliver(
              replay.flow(),
              new FileSource(files.path(replay.file()), replay.sourceId()),
              replay.format(),
              Demand.RERUN);
      faults.reached(Step.REPLAY_SENT);
      book.done(replay, result.run(), clock.instant());
      forgetSettled(replay);
      return Answers.of(result);
    } catch (IOException e) {
      return Answers.failed(
          "the records that are to be sent cannot be read: " + e.getMessage(),
          "make data/dead-letters readable and writable");
    } catch (HeldDeliveryException e) {
      return Answers.held(e.failure());
    } catch (DeliveryStoppedException e) {
      return Answers.failed("Waybill was stopped", "the replay goes on when Waybill runs again");
    } catch (RunFailedException e) {
      giveBack(replay);
      return Answers.failed(e.getMessage(), e.remedy());
    }
  }

  /** Nothing arrived of a file that cannot be read as its format: its dead letters wait again. */
  private void giveBack(Replay replay) {
    Optional<Run> run = run(replay);
    if (run.isPresent() && !book.mayHaveArrived(run.get().id())) {
      book.failed(replay, run.get().id(), clock.instant());
      forget(replay.file());
    }
  }

  private Optional<Run> run(Replay replay) {
    return ledger
        .latestUnit(replay.flow(), replay.sourceId(), replay.target())
        .flatMap(unit -> ledger.lastRun(unit.id()));
  }

  /** Whether this run is that of a replay which has not ended. */
  boolean isOpen(RunRow run) {
    return open(run).isPresent();
  }

  private Optional<Replay> open(RunRow run) {
    return book.open(Optional.of(run.flow())).stream()
        .filter(replay -> replay.sourceId().equals(run.source()))
        .findFirst();
  }

  /** Lets the replay of this run go on. */
  Answer resume(RunRow run) {
    return send(open(run).orElseThrow());
  }

  /** Lets the replays of a flow go on that a crash or a hold left open. */
  void resume(String flow) {
    for (Replay replay : book.open(Optional.of(flow))) {
      Answer answer = send(replay);
      LOG.info("flow {}: replay of {} dead letters: {}", flow, replay.letters(), answer.lines());
    }
  }

  private void forgetSettled(Replay replay) {
    forgetSettled(book.settledBy(replay));
    forget(replay.file());
  }

  private void forgetSettled(List<DeadLetterRow> letters) {
    TreeSet<String> names = new TreeSet<>();
    letters.forEach(letter -> names.add(letter.file()));
    names.stream().filter(book::isSettled).forEach(this::forget);
  }

  private void forget(String file) {
    try {
      files.forget(file);
    } catch (IOException e) {
      LOG.warn("{} is not needed any more and cannot be deleted: {}", file, e.getMessage());
    }
  }
}
