package io.waybill.testing.fault;

/** What can go wrong with one request on the wire. */
public enum Fault {
  /** Nothing: the request is passed on, and its reply too. */
  NONE(false),

  /** The connection is closed, and the next one is closed as soon as it is accepted. */
  CLOSE_ON_ACCEPT(false),

  /** Connections are reset and new ones really refused for a while: nobody listens. */
  REFUSE(false),

  /** Reset when the head was read; nothing is passed on. */
  RESET_BEFORE_BODY(false),

  /** A part of the body is passed on, then both sides are reset. */
  RESET_IN_BODY(false),

  /** The whole body is passed on, then the client is reset; the server goes on undisturbed. */
  RESET_AFTER_BODY(true),

  /** The whole body is passed on, then both sides are reset; the server may or may not apply it. */
  CUT_AFTER_BODY(true),

  /** The server's reply is read whole, then the client is reset. */
  SWALLOW_REPLY(true),

  /** The server's reply is read whole, and kept until the client goes away. */
  DELAY_REPLY(true),

  /** HTTP 500 of something in between; nothing is passed on. */
  ANSWER_500(false),

  /** HTTP 503 of something in between; nothing is passed on. */
  ANSWER_503(false),

  /** HTTP 429 of something in between; nothing is passed on. */
  ANSWER_429(false),

  /** HTTP 503 before the body was read, and the connection is closed. */
  ANSWER_503_EARLY(false),

  /** HTTP 503 in place of the server's reply. */
  ANSWER_503_APPLIED(true),

  /** Bytes that are not HTTP; nothing is passed on. */
  GARBAGE(false),

  /** HTTP 200 without ClickHouse's summary; nothing is passed on. */
  OK_WITHOUT_SUMMARY(false),

  /** The reply's head is cut somewhere. */
  TRUNCATED_REPLY(true),

  /** The reply's head is whole, the body's end is missing. */
  TRUNCATED_REPLY_BODY(true),

  /** All is passed on, then the connection is closed, without a word in the reply. */
  CLOSE_IDLE(true),

  /** The body is passed on slowly. */
  SLOW(true),

  /** The reply is passed on slowly. */
  SLOW_REPLY(true);

  private final boolean passedOn;

  Fault(boolean passedOn) {
    this.passedOn = passedOn;
  }

  /** Whether the server gets the whole request. */
  public boolean isPassedOn() {
    return passedOn || this == NONE;
  }
}
