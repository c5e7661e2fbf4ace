package io.waybill.clickhouse;

import com.clickhouse.client.api.ServerException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;

/**
 * What an error means for a batch: the one place where that is decided. The code alone is not the
 * key, since one code can be the content's fault, the operator's or nobody's; what is not listed is
 * UNKNOWN, which never loses or doubles anything.
 */
public final class Verdicts {
  private static final String PUSHING = "while pushing to view";
  private static final int CANNOT_READ_ALL_DATA = 33;
  private static final int INCORRECT_DATA = 117;
  private static final int TOO_MANY_PARTS = 252;
  private static final int HTTP_TOO_MANY_REQUESTS = 429;

  private Verdicts() {}

  /** Judges whatever the client threw. */
  public static Failure of(Throwable thrown, Circumstances circumstances) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ServerException server) {
        return server.getCode() == ServerException.CODE_UNKNOWN
            ? ofStatus(server.getTransportProtocolCode())
            : of(server.getCode(), server.getMessage(), circumstances);
      }
    }
    return TransportVerdicts.of(thrown);
  }

  /**
   * Judges an error of ClickHouse.
   *
   * @param code its number
   * @param message its text; what it quotes of rows does not get into the failure
   * @param circumstances of the attempt
   */
  public static Failure of(int code, String message, Circumstances circumstances) {
    ErrorText text = new ErrorText(message);
    Verdict listed = listed(code, text);
    Verdict verdict = verdict(listed, code, text, circumstances);
    String reason = Reasons.of(code, text, listed, verdict);
    String name = text.name().isEmpty() ? "CODE_" + code : text.name();
    return new Failure(verdict, code, name, reason, Remedies.of(code, text, verdict));
  }

  /**
   * Judges the failure of a query, which applies nothing: ClickHouse's own words, unless the code
   * is about content and they would quote it.
   */
  static Failure ofQuery(Throwable thrown) {
    Failure failure = of(thrown, Circumstances.FIRST);
    if (failure.code() == 0 || VerdictTable.of(failure.code()) == Verdict.ISOLATE) {
      return failure;
    }
    String words = new ErrorText(serverMessage(thrown)).firstSentence();
    return new Failure(failure.verdict(), failure.code(), failure.name(), words, failure.remedy());
  }

  private static String serverMessage(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ServerException) {
        return t.getMessage();
      }
    }
    return "";
  }

  /** Judges an HTTP answer that is not ClickHouse's: a proxy's, a balancer's. */
  static Failure ofStatus(int status) {
    return status == HTTP_TOO_MANY_REQUESTS
        ? new Failure(
            Verdict.RETRY, 0, "HTTP_429", "a proxy in front of ClickHouse asks to slow down", "")
        : new Failure(
            Verdict.UNKNOWN,
            0,
            "HTTP_" + status,
            "HTTP status " + status + " without ClickHouse's exception header",
            "look at what stands between Waybill and ClickHouse, and at waybill.clickhouse.url");
  }

  private static Verdict listed(int code, ErrorText text) {
    if (code == TOO_MANY_PARTS) {
      if (text.says("Too many partitions for single INSERT block")) {
        return Verdict.HOLD;
      }
      return text.says("Too many parts") ? Verdict.RETRY : Verdict.UNKNOWN;
    }
    return VerdictTable.of(code);
  }

  private static Verdict verdict(
      Verdict listed, int code, ErrorText text, Circumstances circumstances) {
    if (text.says(PUSHING)) {
      return pushingToView(listed, circumstances);
    }
    return listed == Verdict.ISOLATE ? ofContent(code, text, circumstances) : listed;
  }

  // The source table is committed by then: only the same bytes and token can mend the view.
  private static Verdict pushingToView(Verdict listed, Circumstances circumstances) {
    return listed == Verdict.HOLD || circumstances.attempt() > 1 ? Verdict.HOLD : Verdict.UNKNOWN;
  }

  private static Verdict ofContent(int code, ErrorText text, Circumstances circumstances) {
    if (isDrift(code, text)) {
      return Verdict.HOLD;
    }
    if (code == CANNOT_READ_ALL_DATA && text.row().isEmpty()) {
      return Verdict.UNKNOWN;
    }
    if (!text.isAboutContent()) {
      return Verdict.UNKNOWN;
    }
    return circumstances.blamesContent() ? Verdict.ISOLATE : Verdict.HOLD;
  }

  /** Whether the records have other columns than the table. */
  static boolean isDrift(int code, ErrorText text) {
    return code == INCORRECT_DATA
        && (text.startsWith("Unknown field found")
            || (text.row().isEmpty() && text.says("(while reading header)")));
  }
}
