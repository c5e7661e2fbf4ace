package io.waybill.clickhouse;

import io.waybill.delivery.Verdict;

/** What happened, in words without row values. */
final class Reasons {
  private Reasons() {}

  /**
   * The reason of a failure.
   *
   * @param listed what the code alone would mean; a code that is about content has a message that
   *     quotes rows, whatever the verdict
   */
  static String of(int code, ErrorText text, Verdict listed, Verdict verdict) {
    return switch (listed) {
      case ISOLATE -> ofContent(code, text, verdict);
      case WAIT -> "an earlier attempt with the same query id still runs";
      case SETTLED -> "ClickHouse has the batch already";
      case HOLD, RETRY -> inView(text) + text.firstSentence();
      case UNKNOWN -> inView(text) + "ClickHouse failed; what it had applied by then is not known";
    };
  }

  private static String inView(ErrorText text) {
    return text.isOfView() ? "a materialized view failed after the table took the batch: " : "";
  }

  private static String ofContent(int code, ErrorText text, Verdict verdict) {
    if (text.isDrift(code)) {
      return text.unknownField()
          .map(field -> "the records have a column '" + field + "' that the table has not")
          .orElse("the header line does not fit the table");
    }
    String where =
        text.row().map(row -> " at row " + row).orElse("")
            + text.column().map(column -> ", column " + column).orElse("");
    return switch (verdict) {
      case ISOLATE -> "ClickHouse refused the content" + where;
      case HOLD ->
          inView(text).isEmpty()
              ? "ClickHouse refused the content" + where + ", but the table changed since the plan"
              : inView(text) + "it refused the content";
      case RETRY, WAIT, UNKNOWN, SETTLED ->
          inView(text) + "ClickHouse failed on the content without naming a row";
    };
  }
}
