package io.waybill.delivery;

import io.waybill.batch.Position;
import java.util.List;

/** What the ledger's batches of a unit or run come to. */
final class BatchTotals {
  private BatchTotals() {}

  static long lastSequence(List<LedgerBatch> batches) {
    return batches.stream().mapToLong(batch -> batch.plan().sequence()).max().orElse(0);
  }

  static long records(List<LedgerBatch> batches) {
    return batches.stream()
        .filter(batch -> batch.plan().parent().isEmpty())
        .mapToLong(batch -> batch.plan().rows())
        .sum();
  }

  static long bytes(List<LedgerBatch> batches) {
    return batches.stream()
        .filter(batch -> batch.plan().parent().isEmpty())
        .mapToLong(batch -> batch.plan().bytes())
        .sum();
  }

  /** What a batch that was split has more than the one in its place. */
  static long deadRows(List<LedgerBatch> batches) {
    long dead = 0;
    for (LedgerBatch batch : batches) {
      dead +=
          switch (batch.state()) {
            case DEAD, SPLIT -> batch.plan().rows();
            case PLANNED, COMMITTED -> 0;
          };
      dead -= batch.plan().parent().isEmpty() ? 0 : batch.plan().rows();
    }
    return dead;
  }

  static boolean anyPlanned(List<LedgerBatch> batches) {
    return batches.stream().anyMatch(batch -> batch.state() == BatchState.PLANNED);
  }

  static Position end(List<LedgerBatch> batches) {
    return batches.get(batches.size() - 1).plan().position();
  }
}
