package io.waybill.web.view;

import io.waybill.ledger.Lineage;
import java.util.List;

/** Where rows came from. */
public record LineageView(
    @About("the batch that brought them") BatchView batch,
    @About("its run, with the source") RunView run,
    @About("tokens that the batch was sent under before") List<String> formerTokens,
    @About("batches that came in its place") List<BatchView> children,
    @About("SQL that finds its rows") String sql) {
  public LineageView {
    formerTokens = List.copyOf(formerTokens);
    children = List.copyOf(children);
  }

  public static LineageView of(Lineage lineage) {
    return new LineageView(
        BatchView.of(lineage.batch()),
        RunView.of(lineage.run()),
        lineage.formerTokens(),
        lineage.children().stream().map(BatchView::of).toList(),
        "SELECT * FROM %s WHERE _waybill_batch = '%s'"
            .formatted(lineage.run().target(), lineage.batch().token()));
  }
}
