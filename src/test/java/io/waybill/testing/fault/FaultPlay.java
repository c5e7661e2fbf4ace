package io.waybill.testing.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Plays one fault on one request whose head was read. Used by one thread. */
final class FaultPlay {
  private static final int SLOW_BODY = 2048;
  private static final int SLOW_REPLY = 16;
  private static final int CONTINUE = 100;
  private static final int FIRST_FINAL = 200;
  private final Fault fault;
  private final HttpHead head;
  private final Wire client;
  private final InetSocketAddress server;
  private final int cut;
  private String digest = "";
  private int status;

  /**
   * A fault to play.
   *
   * @param cut where a body or head is cut, if that is the fault
   */
  FaultPlay(Fault fault, HttpHead head, Wire client, InetSocketAddress server, int cut) {
    this.fault = fault;
    this.head = head;
    this.client = client;
    this.server = server;
    this.cut = cut;
  }

  /**
   * Plays it.
   *
   * @return whether the client's connection can take a further request
   * @throws IOException if something else broke, so that the fault may not have been played
   */
  boolean play() throws IOException {
    boolean asks = fault.isPassedOn() || fault == Fault.RESET_IN_BODY;
    return asks ? asking() : alone();
  }

  /** Hex SHA-256 of the request's body; empty if it was not read to its end. */
  String digest() {
    return digest;
  }

  /** What the server answered; 0 if it was not asked or did not answer. */
  int status() {
    return status;
  }

  private boolean alone() throws IOException {
    return switch (fault) {
      case CLOSE_ON_ACCEPT -> closed();
      case REFUSE, RESET_BEFORE_BODY -> reset();
      case ANSWER_500 -> answered("500 Internal Server Error", "");
      case ANSWER_503 -> answered("503 Service Unavailable", "");
      case ANSWER_429 -> answered("429 Too Many Requests", "Retry-After: 1\r\n");
      case ANSWER_503_EARLY -> early();
      case OK_WITHOUT_SUMMARY -> answered("200 OK", "");
      case GARBAGE -> garbage();
      default -> throw new IllegalStateException(fault + " needs the server");
    };
  }

  private boolean asking() throws IOException {
    try (Wire upstream = new Wire(connected())) {
      upstream.out().write(head.bytes());
      if (fault == Fault.RESET_IN_BODY) {
        return inBody(upstream);
      }
      OutputStream to = upstream.out();
      drain(fault == Fault.SLOW ? new SlowOutput(to, SLOW_BODY) : to);
      return afterBody(upstream);
    }
  }

  private boolean afterBody(Wire upstream) throws IOException {
    if (fault == Fault.CUT_AFTER_BODY) {
      upstream.reset();
      return reset();
    }
    if (fault == Fault.RESET_AFTER_BODY) {
      client.reset();
    }
    HttpHead reply = reply(upstream);
    return switch (fault) {
      case RESET_AFTER_BODY, SWALLOW_REPLY, DELAY_REPLY -> swallowed(reply, upstream);
      case ANSWER_503_APPLIED -> {
        HttpBody.copy(reply, upstream.in(), OutputStream.nullOutputStream());
        yield write("503 Service Unavailable", "");
      }
      case TRUNCATED_REPLY -> {
        client.out().write(reply.bytes(), 0, 1 + cut % (reply.bytes().length - 1));
        yield closed();
      }
      case TRUNCATED_REPLY_BODY -> {
        client.out().write(reply.bytes());
        yield closed();
      }
      case SLOW_REPLY -> passedBack(reply, upstream, new SlowOutput(client.out(), SLOW_REPLY));
      case CLOSE_IDLE -> {
        passedBack(reply, upstream, client.out());
        yield closed();
      }
      default -> passedBack(reply, upstream, client.out());
    };
  }

  private boolean inBody(Wire upstream) throws IOException {
    try {
      drain(new CutOutput(upstream.out(), cut));
    } catch (CutOutput.CutException reached) {
      upstream.reset();
      return reset();
    }
    throw new IOException("the body is shorter than " + cut);
  }

  private HttpHead reply(Wire upstream) throws IOException {
    HttpHead reply = readReply(upstream);
    while (reply.status() >= CONTINUE && reply.status() < FIRST_FINAL) {
      reply = readReply(upstream);
    }
    status = reply.status();
    return reply;
  }

  private static HttpHead readReply(Wire upstream) throws IOException {
    return HttpHead.read(upstream.in())
        .orElseThrow(() -> new IOException("the server closed without a reply"));
  }

  private boolean passedBack(HttpHead reply, Wire upstream, OutputStream to) throws IOException {
    to.write(reply.bytes());
    HttpBody.copy(reply, upstream.in(), to);
    return !reply.closes() && !head.closes();
  }

  private boolean swallowed(HttpHead reply, Wire upstream) throws IOException {
    HttpBody.copy(reply, upstream.in(), OutputStream.nullOutputStream());
    if (fault == Fault.DELAY_REPLY) {
      client.awaitEnd();
    }
    return reset();
  }

  private boolean answered(String statusLine, String headers) throws IOException {
    drain(OutputStream.nullOutputStream());
    return write(statusLine, headers);
  }

  private boolean early() throws IOException {
    write("503 Service Unavailable", "Connection: close\r\n");
    return closed();
  }

  private boolean garbage() throws IOException {
    drain(OutputStream.nullOutputStream());
    client.out().write("\u0015\u0003\u0001 not HTTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return closed();
  }

  private boolean write(String statusLine, String headers) throws IOException {
    String text = "played by the test";
    client
        .out()
        .write(
            "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n%s\r\n%s"
                .formatted(statusLine, text.length(), headers, text)
                .getBytes(StandardCharsets.US_ASCII));
    return true;
  }

  private boolean closed() throws IOException {
    client.close();
    return false;
  }

  private boolean reset() throws IOException {
    client.reset();
    return false;
  }

  private void drain(OutputStream to) throws IOException {
    digest = HttpBody.copy(head, client.in(), to);
  }

  private Socket connected() throws IOException {
    return new Socket(server.getAddress(), server.getPort());
  }
}
