package io.waybill.delivery;

import io.waybill.batch.Batch;
import io.waybill.batch.BatchSource;
import io.waybill.batch.CutLimits;
import io.waybill.batch.Cutter;
import io.waybill.batch.Format;
import io.waybill.batch.Position;
import io.waybill.batch.SegmentPool;
import java.io.IOException;
import java.util.List;

/** Compares what a source holds now with what was planned of it. */
final class SourceCheck {

  /** What was found. */
  sealed interface Finding {
    /** Every range holds what was planned; {@code more} tells whether records follow. */
    record Same(long resumeAt, boolean more) implements Finding {}

    /** The range that begins at this byte holds something else now. */
    record Differs(long from) implements Finding {}

    /** The last record was taken as whole at the end of the source and goes on there now. */
    record Continued(long at) implements Finding {}
  }

  private SourceCheck() {}

  static Finding compare(
      BatchSource source,
      Format format,
      CutLimits limits,
      SegmentPool pool,
      List<LedgerBatch> batches)
      throws IOException {
    try (Cutter cutter = Cutter.open(source, format, limits, pool)) {
      Batch.Tail tail = Batch.Tail.COMPLETE;
      Position last = new Position(0, 0, 1, 0);
      for (LedgerBatch batch : batches) {
        if (!batch.plan().parent().isEmpty()) {
          continue; // its range is that of the batch it took the place of, whose digest is of all
        }
        last = batch.plan().position();
        Batch now = cutter.read(last);
        if (now == null) {
          return new Finding.Differs(last.from());
        }
        now.payload().release();
        tail = now.tail();
        if (!now.digest().equals(batch.plan().digest())) {
          return new Finding.Differs(last.from());
        }
      }
      if (tail != Batch.Tail.COMPLETE && !cutter.skipLineEnd()) {
        return new Finding.Continued(last.to());
      }
      long resumeAt = cutter.offset();
      return new Finding.Same(resumeAt, hasMore(cutter));
    }
  }

  private static boolean hasMore(Cutter cutter) throws IOException {
    Batch next = cutter.next(true);
    if (next != null) {
      next.payload().release();
    }
    return next != null;
  }
}
