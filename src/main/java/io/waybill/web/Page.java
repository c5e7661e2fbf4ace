package io.waybill.web;

/** What is answered at one path. Asked on worker threads, by several at once; may block. */
@FunctionalInterface
public interface Page {

  /** The page as it is now. */
  Reply get();

  /**
   * An answer.
   *
   * @param status HTTP status
   * @param type content type, whose charset is UTF-8
   * @param body all of it
   */
  record Reply(int status, String type, String body) {}
}
