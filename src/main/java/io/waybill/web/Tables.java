package io.waybill.web;

import io.waybill.control.Listings;
import io.waybill.delivery.TableName;
import io.waybill.ledger.DeadLetterRow;
import io.waybill.ledger.DeadLetterSelection;
import io.waybill.ledger.FlowRow;
import io.waybill.ledger.RunNotFoundException;
import io.waybill.web.view.OrderView;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which tables a request is about, by what it names. */
final class Tables {
  /**
   * In place of the table of a flow that was held before anybody knew it: a right to it has only
   * who has it everywhere.
   */
  static final TableName NOT_KNOWN = new TableName("?", "?");

  private final Listings listings;

  Tables(Listings listings) {
    this.listings = listings;
  }

  /** Of the flow in the path. */
  List<TableName> ofFlow(Request request) {
    return ofFlow(request.path("flow"));
  }

  private List<TableName> ofFlow(String name) {
    return listings.flows().stream()
        .filter(flow -> flow.name().equals(name))
        .map(flow -> flow.target().orElse(NOT_KNOWN))
        .toList();
  }

  /** Of the run in the path. */
  List<TableName> ofRun(Request request) {
    try {
      return List.of(listings.run(request.path("run")).target());
    } catch (RunNotFoundException e) {
      return List.of(); // who answers says so
    }
  }

  /** Of the trigger in the path. */
  List<TableName> ofTrigger(Request request) {
    return listings.trigger(request.path("trigger")).stream()
        .flatMap(trigger -> ofFlow(trigger.flow()).stream())
        .toList();
  }

  /** Of the batch that is asked for. */
  List<TableName> ofBatch(Request request) {
    return request.text("batch").map(String::strip).flatMap(listings::lineage).stream()
        .map(lineage -> lineage.run().target())
        .toList();
  }

  /** Of the dead letter in the path. */
  List<TableName> ofLetter(Request request) {
    return ofLetters(List.of(request.path("deadLetter")));
  }

  List<TableName> ofReplay(Request request) {
    return ofLetters(request.body(OrderView.Replay.class).letters());
  }

  List<TableName> ofMended(Request request) {
    return ofLetters(request.body(OrderView.Mended.class).letters());
  }

  List<TableName> ofDiscard(Request request) {
    return ofLetters(request.body(OrderView.Discard.class).letters());
  }

  private List<TableName> ofLetters(List<String> ids) {
    List<String> given = LetterEndpoints.letters(ids);
    return listings.deadLetters(DeadLetterSelection.of(given), given.size()).stream()
        .map(DeadLetterRow::table)
        .distinct()
        .map(TableName::parse)
        .toList();
  }

  /** Tables of all flows that are known. */
  Stream<TableName> all() {
    return listings.flows().stream().map(FlowRow::target).flatMap(Optional::stream).distinct();
  }
}
