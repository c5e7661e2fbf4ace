package io.waybill.clickhouse;

import com.clickhouse.client.api.ClientMisconfigurationException;
import com.clickhouse.client.api.ConnectionInitiationException;
import io.waybill.delivery.Failure;
import io.waybill.delivery.Verdict;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What it means when there is no answer of ClickHouse. Only where not a byte of the body can have
 * arrived it is RETRY; else UNKNOWN. The HTTP client's own exceptions are known by their names,
 * since it may not be imported here.
 */
final class TransportVerdicts {
  // client-v2 turns 502 and 503 into a ConnectException with this text
  private static final Pattern STATUS =
      Pattern.compile("(?:Server returned '|Unexpected result status )(\\d{3})");
  private static final int TOO_MANY_REQUESTS = 429;
  private static final String CHECK_BETWEEN =
      "look at what stands between Waybill and ClickHouse, and at waybill.clickhouse.url";
  private static final String CHECK_URL = "is ClickHouse up, and waybill.clickhouse.url right?";

  private TransportVerdicts() {}

  /** An HTTP answer that is not ClickHouse's: a proxy's, a balancer's. */
  static Failure ofStatus(int status) {
    if (status == TOO_MANY_REQUESTS) {
      return new Failure(
          Verdict.RETRY, 0, "HTTP_429", "something in front of ClickHouse asks to slow down", "");
    }
    return between(
        "HTTP_" + status, "HTTP status " + status + " without ClickHouse's exception header");
  }

  /** The HTTP client began to send a second time, which it does after 429 and 503 alone. */
  static Failure resent() {
    return between("HTTP_503", "something in front of ClickHouse answered HTTP status 503 or 429");
  }

  /** What is sent broke off at its source, and the connection with it. */
  static Failure cutBody(Throwable thrown) {
    return unknown(
        thrown.getClass().getSimpleName(),
        "the body could not be read to its end, nothing of it counts");
  }

  /** HTTP status 200 that proves nothing. */
  static Failure noSummary() {
    return between("NO_SUMMARY", "HTTP status 200 without ClickHouse's summary");
  }

  static Failure of(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      Failure failure = ofOne(t);
      if (failure != null) {
        return failure;
      }
    }
    return unknown(thrown.getClass().getSimpleName(), "the request failed");
  }

  // the order matters: time-outs to connect are SocketTimeoutExceptions too
  private static Failure ofOne(Throwable t) {
    Matcher status = STATUS.matcher(String.valueOf(t.getMessage()));
    if (!(t instanceof ConnectionInitiationException) && status.find()) {
      return ofStatus(Integer.parseInt(status.group(1)));
    }
    if (t instanceof ClientMisconfigurationException) {
      return new Failure(
          Verdict.HOLD, 0, "MISCONFIGURED", "the connection is set up wrongly", CHECK_URL);
    }
    Failure before = beforeSending(t);
    return before != null ? before : afterSending(t);
  }

  private static Failure beforeSending(Throwable t) {
    if (t instanceof UnknownHostException) {
      return notReached("UNKNOWN_HOST", "there is no host of ClickHouse's name");
    }
    if (t instanceof NoRouteToHostException) {
      return notReached("NO_ROUTE", "there is no way to ClickHouse's host");
    }
    if (is(t, "ConnectionRequestTimeoutException")) {
      return notReached("NO_FREE_CONNECTION", "all connections to ClickHouse are in use");
    }
    if (is(t, "ConnectTimeoutException")) {
      return notReached("CONNECT_TIMEOUT", "ClickHouse did not take the connection in time");
    }
    if (t instanceof ConnectException) {
      return notReached("CONNECTION_REFUSED", "ClickHouse does not take connections");
    }
    if (t instanceof SSLHandshakeException || t instanceof SSLPeerUnverifiedException) {
      return new Failure(
          Verdict.HOLD,
          0,
          "TLS_HANDSHAKE",
          "the TLS handshake with ClickHouse failed",
          "check the certificate's host name and dates, and the CA certificate that is configured");
    }
    return null;
  }

  private static Failure afterSending(Throwable t) {
    if (t instanceof SocketTimeoutException) {
      return unknown("TIMEOUT", "ClickHouse did not answer in time");
    }
    if (is(t, "NoHttpResponseException") || is(t, "ConnectionClosedException")) {
      return unknown("NO_ANSWER", "the connection was closed without a whole answer");
    }
    if (t instanceof SSLException) {
      // plain HTTP where TLS is expected fails here, and so does a cut connection
      return unknown("TLS", "the TLS connection broke");
    }
    if (t instanceof SocketException) {
      return unknown("CONNECTION_RESET", "the connection broke");
    }
    return null;
  }

  private static boolean is(Throwable t, String simpleName) {
    return t.getClass().getSimpleName().equals(simpleName);
  }

  private static Failure notReached(String name, String reason) {
    return new Failure(Verdict.RETRY, 0, name, reason, CHECK_URL);
  }

  private static Failure between(String name, String reason) {
    return new Failure(Verdict.UNKNOWN, 0, name, reason, CHECK_BETWEEN);
  }

  private static Failure unknown(String name, String reason) {
    return new Failure(Verdict.UNKNOWN, 0, name, reason, "");
  }
}
