package io.waybill.control;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a person orders of Waybill; JSON on its way to the process that serves the home. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "order")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Order.Rerun.class, name = "rerun"),
  @JsonSubTypes.Type(value = Order.Replay.class, name = "replay"),
  @JsonSubTypes.Type(value = Order.ReplayMended.class, name = "replay-mended"),
  @JsonSubTypes.Type(value = Order.Discard.class, name = "discard"),
  @JsonSubTypes.Type(value = Order.Reconcile.class, name = "reconcile")
})
public sealed interface Order {

  /**
   * A run is to go on at its checkpoint.
   *
   * @param run run id, or the beginning of one
   * @param again whether all of its source is to be delivered once more, beside what arrived
   * @param abandon whether that may leave batches in doubt behind
   */
  record Rerun(String run, boolean again, boolean abandon) implements Order {}

  /** These dead letters are to be sent again as they are. */
  record Replay(List<String> letters) implements Order {}

  /**
   * These dead letters are to be settled by a file with mended records.
   *
   * @param file absolute path
   */
  record ReplayMended(String file, List<String> letters) implements Order {}

  /** These dead letters are not needed, for this reason. */
  record Discard(List<String> letters, String reason) implements Order {}

  /**
   * What the ledger says of a run is to be compared with the table.
   *
   * @param run run id, or the beginning of one
   * @param send whether what is missing is to be sent again
   */
  record Reconcile(String run, boolean send) implements Order {}
}
