package io.waybill.clickhouse;

import com.clickhouse.client.api.ConnectionInitiationException;
import com.clickhouse.client.api.ServerException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * An insert was not answered with success. Keeps the server's text, which may quote rows, to
 * itself: what may be said of it comes out of {@link #failure}.
 */
public final class InsertFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int TOO_MANY_REQUESTS = 429;
  private final int code;
  private final int httpStatus;
  private final transient String text;

  private InsertFailedException(int code, int httpStatus, String text, Throwable cause) {
    super("code " + code, cause);
    this.code = code;
    this.httpStatus = httpStatus;
    this.text = text;
  }

  static InsertFailedException of(RuntimeException thrown) {
    Optional<ServerException> server = find(thrown, ServerException.class);
    return new InsertFailedException(
        server.map(ServerException::getCode).filter(code -> code > 0).orElse(0),
        server.map(ServerException::getTransportProtocolCode).orElse(0),
        server.map(ServerException::getMessage).orElse(""),
        thrown);
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
    if (code > 0) {
      return Verdicts.of(code, text, schemaAsPlanned);
    }
    if (httpStatus == TOO_MANY_REQUESTS) {
      return new Failure(Verdict.RETRY, 0, "HTTP_429", "ClickHouse has too many requests", "");
    }
    return transport(getCause());
  }

  private static Failure transport(Throwable thrown) {
    if (find(thrown, UnknownHostException.class).isPresent()) {
      return notReached("UNKNOWN_HOST", "there is no host of ClickHouse's name");
    }
    boolean refused =
        find(thrown, ConnectException.class).isPresent()
            || find(thrown, NoRouteToHostException.class).isPresent();
    if (refused || find(thrown, ConnectionInitiationException.class).isPresent()) {
      return notReached("CONNECTION_REFUSED", "ClickHouse does not take connections");
    }
    if (find(thrown, SSLException.class).isPresent()) {
      return new Failure(
          Verdict.UNKNOWN,
          0,
          "TLS",
          "the TLS connection to ClickHouse failed",
          "check its certificate");
    }
    return new Failure(
        Verdict.UNKNOWN,
        0,
        "NO_ANSWER",
        "the connection ended without an answer that proves anything",
        "");
  }

  private static Failure notReached(String name, String reason) {
    return new Failure(
        Verdict.RETRY,
        0,
        name,
        reason,
        "start ClickHouse, or set the right waybill.clickhouse.url");
  }

  QueryFailedException asQuery() {
    if (code > 0) {
      String words =
          Verdicts.quotesRows(code)
              ? "ClickHouse cannot read the content"
              : Words.withoutValues(text);
      return new QueryFailedException(code, Verdicts.name(text), words, getCause());
    }
    Failure failure = transport(getCause());
    return new QueryFailedException(0, failure.name(), failure.reason(), getCause());
  }

  private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }
}
