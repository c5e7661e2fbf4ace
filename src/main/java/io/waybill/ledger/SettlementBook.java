package io.waybill.ledger;

import io.waybill.delivery.BatchPlan;
import io.waybill.delivery.BatchState;
import io.waybill.delivery.DeadLetter;
import io.waybill.delivery.LedgerException;
import io.waybill.delivery.Waybill;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The book of settlements: each batch is settled once, with its audit event, its dead letters and
 * what comes in its place, in one transaction. Thread-safe. All methods throw {@link
 * LedgerException}.
 */
final class SettlementBook {
  private final LedgerDatabase database;
  private final Identity identity;
  private final Origin origin;
  private final Optional<Instance> instance;

  /**
   * The book in this ledger.
   *
   * @param instance this process, if others share the ledger
   */
  SettlementBook(
      LedgerDatabase database, Identity identity, Origin origin, Optional<Instance> instance) {
    this.database = database;
    this.identity = identity;
    this.origin = origin;
    this.instance = instance;
  }

  /**
   * Settles a batch as committed. One that is settled already is an error, since its second audit
   * event would tell of rows that did not arrive; but one that a process which took the run over
   * committed just so is left as it is.
   */
  void commit(Waybill waybill) {
    require(waybill, BatchState.COMMITTED);
    database.change(
        "commit batch " + waybill.plan().id(),
        connection -> {
          if (!isCommittedElsewhere(connection, waybill.plan())) {
            BatchStore.settle(connection, waybill);
            AuditStore.add(connection, BatchPapers.of(waybill), identity, origin);
          }
        });
  }

  private boolean isCommittedElsewhere(Connection connection, BatchPlan plan) throws SQLException {
    return instance.isPresent() && instance.get().isCommittedElsewhere(connection, plan);
  }

  void bury(Waybill waybill, List<DeadLetter> letters) {
    require(waybill, BatchState.DEAD);
    database.change(
        "bury batch " + waybill.plan().id(), connection -> refused(connection, waybill, letters));
  }

  void split(Waybill waybill, BatchPlan rest, List<DeadLetter> letters) {
    require(waybill, BatchState.SPLIT);
    database.change(
        "split batch " + waybill.plan().id(),
        connection -> {
          refused(connection, waybill, letters);
          BatchStore.plan(connection, rest);
        });
  }

  private void refused(Connection connection, Waybill waybill, List<DeadLetter> letters)
      throws SQLException {
    BatchStore.settle(connection, waybill);
    for (DeadLetter letter : letters) {
      DeadLetterStore.add(connection, waybill.plan(), letter);
    }
    AuditStore.add(connection, BatchPapers.of(waybill), identity, origin);
  }

  private static void require(Waybill waybill, BatchState state) {
    if (waybill.state() != state) {
      throw new IllegalArgumentException("not papers of a " + state.label() + " batch");
    }
  }
}
