package io.waybill.clickhouse;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ClickHouse's message of an error, taken apart. The messages of parsers quote the rows around the
 * bad one, so only {@link #name}, {@link #row}, {@link #column} and {@link #unknownField} may go
 * into a log; {@link #firstSentence} only where the code is known not to be about content.
 */
final class ErrorText {
  private static final int LONGEST_SENTENCE = 400;
  private static final int INCORRECT_DATA = 117;
  private static final String START = "DB::Exception: ";
  private static final Pattern NAME = Pattern.compile("\\(([A-Z][A-Z0-9_]+)\\)\\s*\\(version ");
  private static final Pattern LONE_NAME = Pattern.compile("\\(([A-Z][A-Z0-9_]{2,})\\)\\s*$");
  private static final Pattern ROW =
      Pattern.compile("\\(at row (\\d+)\\)|^Constraint .{1,500}? is violated at row (\\d+)\\.");
  private static final Pattern JSON_COLUMN =
      Pattern.compile("\\(while reading the value of key ([^()]{1,200})\\)");
  private static final Pattern TEXT_COLUMN =
      Pattern.compile("Column \\d+,\\s+name: ([^,]{1,200}),\\s+type: [^\"]{1,200}?ERROR: ");
  private static final Pattern JSON_FIELD =
      Pattern.compile("^Unknown field found while parsing \\w+ format: ([^:]{1,200}):");
  private static final Pattern HEADER_FIELD =
      Pattern.compile("^Unknown field found in format header: '([^']{1,200})'");
  private static final Pattern INPUT_FORMAT =
      Pattern.compile("While executing \\w*(InputFormat|WaitForAsyncInsert|ParallelParsing)");
  private static final Pattern TAIL =
      Pattern.compile("(: While .{0,200})?\\s*\\([A-Z][A-Z0-9_]+\\)\\s*(\\(version .*)?$");

  private final String message;

  ErrorText(String raw) {
    int start = raw.indexOf(START);
    this.message = start < 0 ? raw : raw.substring(start + START.length());
  }

  /** The name in brackets at the end, for instance {@code UNKNOWN_TABLE}. */
  String name() {
    String last = lastGroup(NAME);
    String name = last.isEmpty() ? lastGroup(LONE_NAME) : last;
    return name.isEmpty() ? "UNKNOWN" : name;
  }

  /** The number of the bad row within the request, from 1. */
  Optional<String> row() {
    String last = "";
    Matcher matcher = ROW.matcher(message);
    // the last one: rows that are quoted before it can hold the same words
    while (matcher.find()) {
      last = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    }
    return Optional.of(last).filter(row -> !row.isEmpty());
  }

  /** The column of the bad value where ClickHouse names it. */
  Optional<String> column() {
    String text = lastGroup(TEXT_COLUMN);
    return Optional.of(text.isEmpty() ? lastGroup(JSON_COLUMN) : text).filter(c -> !c.isEmpty());
  }

  /** The field that the table has no column for. */
  Optional<String> unknownField() {
    String json = lastGroup(JSON_FIELD);
    return Optional.of(json.isEmpty() ? lastGroup(HEADER_FIELD) : json).filter(f -> !f.isEmpty());
  }

  /** Whether the records have other columns than the table. */
  boolean isDrift(int code) {
    return code == INCORRECT_DATA
        && (message.startsWith("Unknown field found")
            || (row().isEmpty() && says("(while reading header)")));
  }

  /** Whether a materialized view failed. */
  boolean isOfView() {
    return says("while pushing to view");
  }

  /** Whether it blames a row, or arose while the input was read. */
  boolean isAboutContent() {
    return row().isPresent() || INPUT_FORMAT.matcher(message).find();
  }

  boolean says(String words) {
    return message.contains(words);
  }

  /** The message without its tail of names and version, cut when long. */
  String firstSentence() {
    String text = TAIL.matcher(message).replaceFirst("").strip();
    return text.length() <= LONGEST_SENTENCE ? text : text.substring(0, LONGEST_SENTENCE) + "...";
  }

  private String lastGroup(Pattern pattern) {
    String last = "";
    Matcher matcher = pattern.matcher(message);
    while (matcher.find()) {
      last = matcher.group(1).strip();
    }
    return last;
  }
}
