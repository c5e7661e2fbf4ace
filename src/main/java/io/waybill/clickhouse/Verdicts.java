package io.waybill.clickhouse;

import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;

/**
 * The verdict on what ClickHouse answered to an insert. The code alone is not the key, since one
 * code can be the content's fault, the operator's or nobody's; what is not listed in {@link
 * VerdictTable} is {@link Verdict#UNKNOWN}, which never loses or doubles anything. The words of a
 * {@link Failure} never quote rows.
 */
public final class Verdicts {
  private static final int CANNOT_READ_ALL_DATA = 33;
  private static final int CANNOT_EXTRACT_STRUCTURE = 636;
  private static final int TOO_MANY_PARTS = 252;

  private Verdicts() {}

  /**
   * What an answer with an error code means.
   *
   * @param code ClickHouse error code
   * @param message the whole message, which may quote rows and goes no further than this
   * @param schemaAsPlanned whether the table is as it was when the batch was planned; after an
   *     ALTER between two attempts a refusal says nothing about the content
   */
  public static Failure of(int code, String message, boolean schemaAsPlanned) {
    ErrorText text = new ErrorText(message);
    Verdict listed = listed(code, text);
    Verdict verdict = verdict(listed, code, text, schemaAsPlanned);
    return new Failure(
        verdict,
        code,
        text.name(),
        Reasons.of(code, text, listed, verdict),
        Remedies.of(code, text, verdict));
  }

  private static Verdict listed(int code, ErrorText text) {
    if (code != TOO_MANY_PARTS) {
      return VerdictTable.of(code);
    }
    if (text.says("Too many partitions for single INSERT block")) {
      return Verdict.HOLD;
    }
    return text.says("Too many parts") ? Verdict.RETRY : Verdict.UNKNOWN;
  }

  private static Verdict verdict(
      Verdict listed, int code, ErrorText text, boolean schemaAsPlanned) {
    if (text.isOfView()) {
      // the table is committed by then: only the same bytes and token can mend the view
      return listed == Verdict.HOLD ? Verdict.HOLD : Verdict.UNKNOWN;
    }
    if (listed != Verdict.ISOLATE) {
      return listed;
    }
    if (text.isDrift(code)) {
      return Verdict.HOLD;
    }
    boolean cutOff = code == CANNOT_READ_ALL_DATA && text.row().isEmpty();
    if (cutOff || !text.isAboutContent()) {
      return Verdict.UNKNOWN;
    }
    return schemaAsPlanned ? Verdict.ISOLATE : Verdict.HOLD;
  }

  /** Whether messages with this code quote what was sent. */
  static boolean quotesRows(int code) {
    return VerdictTable.of(code) == Verdict.ISOLATE || code == CANNOT_EXTRACT_STRUCTURE;
  }
}
