package io.waybill.web;

/**
 * Why a request was not answered, as RFC 9457 has it.
 *
 * @param type what kind of problem, as a URI; none are given here
 * @param title what happened, the same for all of its kind
 * @param status HTTP status
 * @param code name of its kind, for programs
 * @param detail what happened this time
 * @param remedy what to do
 */
record Problem(String type, String title, int status, String code, String detail, String remedy) {
  static final String CONTENT_TYPE = "application/problem+json";

  /** Kinds of problems. */
  enum Kind {
    BAD_REQUEST(400, "The request does not fit"),
    UNAUTHENTICATED(401, "Who asks was not proved"),
    FORBIDDEN(403, "Who asks may not"),
    FORGERY(403, "The order does not come from the dashboard"),
    FOREIGN_HOST(403, "The request was meant for another host"),
    FOREIGN_ORIGIN(403, "The request came from another site's page"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "That cannot be done with it"),
    TOO_SLOW(408, "The request took too long to come"),
    REFUSED(409, "The order was refused; nothing changed"),
    LENGTH_REQUIRED(411, "The length of the body must be given"),
    BODY_TOO_LARGE(413, "The body is too large"),
    JSON_REQUIRED(415, "What is written must be JSON"),
    FAILED(500, "Waybill failed"),
    IDENTITY_AWAY(503, "Who asks cannot be told now"),
    STARTING(503, "Waybill is starting"),
    LEDGER_AWAY(503, "The ledger cannot be read"),
    TOO_MANY_WATCHERS(503, "Too many clients listen to events");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }

    int status() {
      return status;
    }
  }

  static Problem of(Kind kind, String detail, String remedy) {
    return new Problem("about:blank", kind.title, kind.status, kind.name(), detail, remedy);
  }
}
