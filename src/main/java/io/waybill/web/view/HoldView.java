package io.waybill.web.view;

import io.waybill.control.Serving;
import io.waybill.ledger.FlowRow;

/** Why a flow waits. */
public record HoldView(
    @About("the flow") String flow,
    @About("what happened") String reason,
    @About("what helps") String remedy,
    @About(value = "since when", time = true) String since) {

  public static HoldView of(Serving.Hold hold) {
    return new HoldView(hold.flow(), hold.reason(), hold.remedy(), Times.of(hold.since()));
  }

  static HoldView of(String flow, FlowRow.Hold hold) {
    return new HoldView(flow, hold.reason(), hold.remedy(), Times.of(hold.since()));
  }
}
