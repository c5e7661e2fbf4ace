package io.waybill.clickhouse;

import com.clickhouse.client.api.ServerException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Refusal;
import io.waybill.delivery.Verdict;
import io.waybill.secret.CredentialsException;
import java.util.Optional;

/**
 * An insert was not answered with success. Keeps the server's text, which may quote rows, to
 * itself: what may be said of it comes out of {@link #failure}.
 */
public final class InsertFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int code;
  private final transient String text;
  private final transient Failure transport;

  private InsertFailedException(int code, String text, Failure transport, Throwable cause) {
    super(code > 0 ? "code " + code : transport.summary(), cause);
    this.code = code;
    this.text = text;
    this.transport = transport;
  }

  static InsertFailedException of(RuntimeException thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ServerException server) {
        return of(server);
      }
    }
    return new InsertFailedException(0, "", TransportVerdicts.of(thrown), thrown);
  }

  // without the server's exception as cause: its message is the whole text
  private static InsertFailedException of(ServerException server) {
    return server.getCode() == ServerException.CODE_UNKNOWN
        ? new InsertFailedException(
            0, "", TransportVerdicts.ofStatus(server.getTransportProtocolCode()), null)
        : new InsertFailedException(server.getCode(), server.getMessage(), null, null);
  }

  /** Nothing was sent. */
  static InsertFailedException withoutCredential(CredentialsException e) {
    return new InsertFailedException(
        0, "", new Failure(Verdict.RETRY, 0, "NO_CREDENTIALS", e.getMessage(), e.remedy()), null);
  }

  /** Nothing was applied, and the next attempt is made by somebody else. */
  static InsertFailedException refusedUntilReplaced(InsertFailedException refused) {
    Failure failure = refused.failure(true);
    return new InsertFailedException(
        0,
        refused.text,
        new Failure(
            Verdict.RETRY,
            failure.code(),
            failure.name(),
            "the credential was refused and has been replaced meanwhile",
            ""),
        null);
  }

  static InsertFailedException noProof() {
    return new InsertFailedException(0, "", TransportVerdicts.noSummary(), null);
  }

  static InsertFailedException resent() {
    return new InsertFailedException(0, "", TransportVerdicts.resent(), null);
  }

  static InsertFailedException cutBody(Throwable thrown) {
    return new InsertFailedException(0, "", TransportVerdicts.cutBody(thrown), thrown);
  }

  /** ClickHouse error code, 0 when there was no answer with one. */
  public int code() {
    return code;
  }

  /**
   * What it means.
   *
   * @param schemaAsPlanned whether the table is as it was when the batch was planned
   */
  public Failure failure(boolean schemaAsPlanned) {
    return code > 0 ? Verdicts.of(code, text, schemaAsPlanned) : transport;
  }

  /** Whether it is certain that nothing was applied. */
  boolean appliedNothing(Failure failure) {
    return Verdicts.appliedNothing(failure, text);
  }

  /** What it says of the content, when the verdict of this failure is isolate. */
  Refusal refusal(Failure failure) {
    return Verdicts.refusal(failure, text);
  }

  /** The column of the source that the table has not, if that is why. */
  Optional<String> unknownField() {
    return Verdicts.unknownField(code, text);
  }

  QueryFailedException asQuery() {
    if (code == 0) {
      return new QueryFailedException(0, transport.name(), transport.reason(), getCause());
    }
    String words =
        Verdicts.quotesRows(code)
            ? "ClickHouse cannot read the content"
            : Words.withoutValues(text);
    return new QueryFailedException(code, Verdicts.name(text), words, null);
  }
}
