package io.waybill.clickhouse;

import io.waybill.delivery.Failure;
import io.waybill.delivery.Refusal;
import io.waybill.delivery.Verdict;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The verdict on what ClickHouse answered to an insert, by error code <em>and</em> text, in one
 * table. A code that is not listed is {@link Verdict#UNKNOWN}: it may have been applied. The words
 * of a {@link Failure} never quote the server's message where it quotes rows. Codes are those of
 * ClickHouse's {@code ErrorCodes.cpp}.
 */
public final class Verdicts {
  private static final Set<Integer> IDENTITY = Set.of(192, 193, 194, 497, 516);
  private static final Set<Integer> ISOLATE =
      Set.of(
          3, 26, 27, 33, 38, 41, 69, 72, 117, 131, 376, 467, 469, 675, 676, 691, 6, 25, 70, 130,
          349, 407, 441, 563, 632);
  private static final Set<Integer> HOLD =
      Set.of(
          8, 10, 16, 36, 46, 47, 48, 50, 60, 62, 73, 81, 115, 158, 161, 164, 192, 193, 194, 195,
          201, 218, 229, 291, 307, 344, 392, 395, 396, 452, 471, 472, 497, 511, 512, 516, 565, 620,
          692, 712, 720, 741, 764, 767, 774);
  private static final Set<Integer> RETRY =
      Set.of(
          202, 203, 254, 265, 279, 285, 297, 364, 373, 439, 473, 519, 574, 700, 733, 745, 749, 762,
          776, 778, 904);
  private static final int TOO_MANY_PARTS = 252;
  private static final int RUNS_ALREADY = 216;
  private static final int INSERTED_ALREADY = 389;
  private static final int VIOLATED_CONSTRAINT = 469;
  private static final int INCORRECT_DATA = 117;
  private static final int CANNOT_EXTRACT_STRUCTURE = 636;
  private static final String VIEW = "while pushing to view";
  private static final int UNEXPECTED_END_OF_FILE = 3;
  private static final int CANNOT_READ_ALL_DATA = 33;
  private static final int BAD_ARGUMENTS = 36;
  private static final int THROW_IF = 395;
  // The client makes one line of a message. What it quotes of rows stands within: between "before:"
  // and its closing quote, and behind "parsed text:" and "ERROR:".
  private static final Pattern NAME =
      Pattern.compile(
          "\\(([A-Z][A-Z0-9_]{3,})\\)\\s*(?:\\(version [^)]*\\))?\\s*(?:\\(queryId=[^)]*\\))?\\s*$");
  private static final Pattern BEFORE = Pattern.compile("before: '(?:[^'\\\\]|\\\\.)*'");
  private static final Pattern ROW =
      Pattern.compile("\\(at row (\\d{1,10})\\)|is violated at row (\\d{1,10})\\. Expression");
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile(
          "^(?:Code: \\d+\\. DB::Exception: )?Unknown field found (?:"
              + "while parsing \\S+ format: (.+?): \\(at row \\d+\\)|in format header: '(.+?)' at position \\d+)");
  private static final Pattern COLUMN =
      Pattern.compile(
          ": \\(while reading the value of key (.{1,100}?)\\): \\(at row"
              + "|(?:Row \\d+:|\")\\s+Column \\d+, +name: ([^\"]{1,100}?), +type: [^\"]+?, +ERROR");
  private static final Map<Integer, String> REMEDIES =
      Map.ofEntries(
          Map.entry(60, "create the table, or add createTable=true to the waybill: URI"),
          Map.entry(81, "create the database"),
          Map.entry(497, "grant the role INSERT on the table"),
          Map.entry(516, "set the right waybill.clickhouse.user and waybill.clickhouse.password"),
          Map.entry(192, "set the right waybill.clickhouse.user"),
          Map.entry(193, "set the right waybill.clickhouse.password"),
          Map.entry(164, "write as a user whose profile is not readonly"),
          Map.entry(201, "wait until the quota allows more, or raise it"),
          Map.entry(
              252,
              "add settings.max_partitions_per_insert_block=1000 to the waybill: URI, or raise it in the user's profile"),
          Map.entry(115, "the server does not know a setting of this batch; see ./waybill check"),
          Map.entry(452, "the user's profile forbids a setting that Waybill needs; see the reason"),
          Map.entry(242, "the table is read-only; see its replicas"));

  private Verdicts() {}

  /**
   * What an answer with an error code means.
   *
   * @param code ClickHouse error code
   * @param text the whole message, which may quote rows and goes no further than this
   * @param schemaAsPlanned whether the table is as it was when the batch was planned
   */
  public static Failure of(int code, String text, boolean schemaAsPlanned) {
    Optional<String> drift = unknownField(code, text);
    if (drift.isPresent()) {
      return new Failure(
          Verdict.HOLD,
          code,
          name(text),
          "the source has the column " + drift.get() + ", which the table has not",
          "add the column, or set unknownFields=skip to drop it");
    }
    Verdict verdict = verdict(code, text, schemaAsPlanned);
    return new Failure(
        verdict, code, name(text), reason(verdict, code, text), remedy(verdict, code));
  }

  /** Whether somebody else who asks may get another answer: user, password, rights. */
  static boolean isAboutIdentity(int code) {
    return IDENTITY.contains(code);
  }

  /**
   * Whether a failure leaves no doubt. With a view in it the source table is committed already, and
   * too many parts may be found between the partitions of a batch.
   */
  static boolean appliedNothing(Failure failure, String text) {
    return switch (failure.verdict()) {
      case HOLD, ISOLATE -> !text.contains(VIEW);
      case RETRY -> !text.contains(VIEW) && failure.code() != TOO_MANY_PARTS;
      case WAIT, UNKNOWN, SETTLED -> false;
    };
  }

  /** What a refusal of content says beside that: record and column, where they are named. */
  static Refusal refusal(Failure failure, String text) {
    String safe = BEFORE.matcher(text).replaceFirst("before");
    return new Refusal(failure, row(safe), column(safe));
  }

  private static long row(String safe) {
    Matcher row = ROW.matcher(safe);
    return row.find() ? Long.parseLong(row.group(1) == null ? row.group(2) : row.group(1)) : 0;
  }

  private static String column(String safe) {
    Matcher column = COLUMN.matcher(safe);
    if (!column.find()) {
      return "";
    }
    return column.group(1) == null ? column.group(2) : column.group(1);
  }

  private static Verdict verdict(int code, String text, boolean schemaAsPlanned) {
    boolean view = text.contains(VIEW);
    if (code == RUNS_ALREADY) {
      return Verdict.WAIT;
    }
    if (code == INSERTED_ALREADY) {
      return Verdict.SETTLED;
    }
    if (code == TOO_MANY_PARTS) {
      return text.contains("Too many partitions") ? Verdict.HOLD : Verdict.RETRY;
    }
    if (HOLD.contains(code)) {
      return Verdict.HOLD;
    }
    if (RETRY.contains(code)) {
      return Verdict.RETRY;
    }
    if (ISOLATE.contains(code) && !view && namesRowOrFormat(code, text)) {
      return (code == INCORRECT_DATA && text.contains("reading header")) || !schemaAsPlanned
          ? Verdict.HOLD
          : Verdict.ISOLATE;
    }
    // with a view in it the source table is committed already: only the same token is safe
    return Verdict.UNKNOWN;
  }

  private static boolean namesRowOrFormat(int code, String text) {
    if (code == UNEXPECTED_END_OF_FILE || code == CANNOT_READ_ALL_DATA) {
      // a request that was cut off reads the same, but names no row
      return ROW.matcher(text).find();
    }
    return code == VIOLATED_CONSTRAINT || ROW.matcher(text).find() || text.contains("InputFormat");
  }

  /** The column of the source that the table has not, if that is what the message says. */
  static Optional<String> unknownField(int code, String text) {
    Matcher field = UNKNOWN_FIELD.matcher(text);
    if (code == INCORRECT_DATA && field.find()) {
      return Optional.of(field.group(1) == null ? field.group(2) : field.group(1));
    }
    return Optional.empty();
  }

  private static String reason(Verdict verdict, int code, String text) {
    if (ISOLATE.contains(code)) {
      String safe = BEFORE.matcher(text).replaceFirst("before");
      String record = row(safe) == 0 ? "" : ", record %d of the batch".formatted(row(safe));
      String column = column(safe).isEmpty() ? "" : ", column " + column(safe);
      return "ClickHouse cannot take the content" + record + column;
    }
    if (verdict == Verdict.UNKNOWN) {
      return "ClickHouse answered with an error that leaves the outcome open";
    }
    boolean quotes =
        quotesRows(code)
            || code == BAD_ARGUMENTS
            || code == THROW_IF
            || ROW.matcher(text).find()
            || text.contains("InputFormat");
    return quotes ? "ClickHouse refuses the batch" : Words.withoutValues(text);
  }

  private static String remedy(Verdict verdict, int code) {
    return verdict == Verdict.HOLD
        ? REMEDIES.getOrDefault(code, "mend the cause in ClickHouse; the flow goes on by itself")
        : "";
  }

  /** Whether messages with this code quote what was sent. */
  static boolean quotesRows(int code) {
    return ISOLATE.contains(code) || code == CANNOT_EXTRACT_STRUCTURE;
  }

  /** The name that ClickHouse puts at the end of a message; rows may be quoted before it. */
  static String name(String text) {
    Matcher name = NAME.matcher(text);
    return name.find() ? name.group(1) : "UNKNOWN";
  }
}
