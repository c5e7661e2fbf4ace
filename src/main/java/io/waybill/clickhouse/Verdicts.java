package io.waybill.clickhouse;

import io.waybill.delivery.Failure;
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
  private static final Set<Integer> ISOLATE =
      Set.of(
          26, 27, 33, 38, 41, 69, 72, 117, 131, 376, 467, 469, 675, 676, 691, 6, 25, 70, 130, 349,
          407, 441, 563, 632);
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
  private static final int NO_SUCH_COLUMN = 16;
  private static final int CANNOT_EXTRACT_STRUCTURE = 636;
  private static final Pattern NAME = Pattern.compile("\\(([A-Z][A-Z0-9_]{3,})\\)");
  private static final Pattern ROW = Pattern.compile("(?:at row|violated at row) (\\d+)");
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("Unknown field found (?:while parsing|in) [^:]*: '?([^\\s':]+)");
  private static final Pattern COLUMN =
      Pattern.compile(
          "(?:while reading the value of key|Column|column) `?([A-Za-z_][A-Za-z0-9_.]*)`?");
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
          Map.entry(252, "raise max_partitions_per_insert_block or make batchRows smaller"),
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

  private static Verdict verdict(int code, String text, boolean schemaAsPlanned) {
    boolean view = text.contains("while pushing to view");
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
    return code == VIOLATED_CONSTRAINT
        || ROW.matcher(text).find()
        || text.contains("Format")
        || text.contains("RowInputFormat");
  }

  private static Optional<String> unknownField(int code, String text) {
    Matcher field = UNKNOWN_FIELD.matcher(text);
    if ((code == INCORRECT_DATA || code == NO_SUCH_COLUMN) && field.find()) {
      return Optional.of(field.group(1));
    }
    return Optional.empty();
  }

  private static String reason(Verdict verdict, int code, String text) {
    if (ISOLATE.contains(code)) {
      StringBuilder reason = new StringBuilder("ClickHouse cannot take the content");
      Matcher row = ROW.matcher(text);
      if (row.find()) {
        reason.append(", record ").append(row.group(1)).append(" of the batch");
      }
      Matcher column = COLUMN.matcher(text);
      if (column.find()) {
        reason.append(", column ").append(column.group(1));
      }
      return reason.toString();
    }
    return verdict == Verdict.UNKNOWN
        ? "ClickHouse answered with an error that leaves the outcome open"
        : Words.withoutValues(text);
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

  static String name(String text) {
    Matcher name = NAME.matcher(text);
    String found = "UNKNOWN";
    while (name.find()) {
      found = name.group(1);
    }
    return found;
  }
}
