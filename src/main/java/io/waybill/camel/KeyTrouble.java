package io.waybill.camel;

import io.waybill.delivery.Failure;
import io.waybill.delivery.HeldDeliveryException;
import io.waybill.delivery.Verdict;

/** What an extract by key may have against it; each says what to write instead. */
final class KeyTrouble {
  private static final String NOTHING = "; nothing of the extract was inserted";

  private KeyTrouble() {}

  static HeldDeliveryException order(String column, long row) {
    return held(
        "KEY_ORDER",
        "row %d of the extract has a smaller %s than the row before".formatted(row, column)
            + NOTHING,
        "add ORDER BY %s to the query; for text with a binary collation, such as COLLATE \"C\""
            .formatted(column));
  }

  static HeldDeliveryException notBeyondCheckpoint(String column) {
    return held(
        "KEY_RANGE",
        "the extract begins at a %s that is not beyond the checkpoint".formatted(column) + NOTHING,
        "add WHERE %s > :#CamelWaybillCheckpoint to the query".formatted(column));
  }

  static HeldDeliveryException beyondBound(String column, long row) {
    return held(
        "KEY_RANGE",
        "row %d of the extract has a %s beyond the bound".formatted(row, column) + NOTHING,
        "add AND %s <= :#CamelWaybillUntil to the query".formatted(column));
  }

  static HeldDeliveryException noColumn(String column) {
    return held(
        "KEY_MISSING",
        "the rows of the extract have no column " + column + NOTHING,
        "select it, or correct key=");
  }

  static HeldDeliveryException kind(String column, long row, String problem) {
    return held(
        "KEY_TYPE",
        "%s of row %d of the extract %s".formatted(column, row, problem) + NOTHING,
        "extract by a column of numbers, times, text or UUIDs that is never null, with keyStart of its type");
  }

  static HeldDeliveryException noRows(Object given) {
    return held(
        "KEY_MISSING",
        "%s is no row with named columns"
                .formatted(given == null ? "no body" : given.getClass().getName())
            + NOTHING,
        "have sql: or jdbc: hand over its rows, as they are or with outputType=StreamList");
  }

  static HeldDeliveryException changed(String was, String is) {
    return held(
        "KEY_CHANGED",
        "the flow was extracted by %s so far, and key= says %s now".formatted(was, is),
        "set key=%s again, or give the flow another id to begin anew at keyStart".formatted(was));
  }

  static HeldDeliveryException moved() {
    return held(
        "EXTRACT_OVERTAKEN",
        "another extract of the flow was delivered since this one began" + NOTHING,
        "let one message at a time come into the flow, and reach waybill: once");
  }

  static HeldDeliveryException noBeginning() {
    return held(
        "EXTRACT_OVERTAKEN",
        "the message does not carry the checkpoint that it began at" + NOTHING,
        "put the query and waybill: into one route, with no seda: or the like between them");
  }

  static HeldDeliveryException failed(String range, String reason, String remedy) {
    return held(
        "EXTRACT_FAILED",
        "the extract %s waits in the spool, and no other begins behind it: %s"
            .formatted(range, reason),
        remedy);
  }

  static HeldDeliveryException bound(String problem, String remedy) {
    return held("KEY_BOUND", problem, remedy);
  }

  private static HeldDeliveryException held(String name, String reason, String remedy) {
    return new HeldDeliveryException(new Failure(Verdict.HOLD, 0, name, reason, remedy));
  }
}
