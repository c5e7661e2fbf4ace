package io.waybill.app;

import io.waybill.audit.ChainEntry;
import io.waybill.audit.TrailVerifier;
import io.waybill.ledger.AuditRow;
import io.waybill.ledger.LedgerReader;
import io.waybill.ledger.TrailRange;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** The trail as the ledger keeps it. */
final class LedgerTrail implements TrailSource {
  private final LedgerReader reader;

  LedgerTrail(LedgerReader reader) {
    this.reader = reader;
  }

  @Override
  public void marks(Consumer<ChainEntry> hears) {
    reader.trail(TrailVerifier.MARKING, row -> ChainEntry.parse(row.line()).ifPresent(hears));
  }

  @Override
  public void all(Consumer<Line> hears) {
    reader.trail(List.of(), row -> hears.accept(line(row)));
  }

  @Override
  public List<TrailRange> ranges(Instant from, Instant to) {
    return reader.trailRanges(from, to);
  }

  @Override
  public void range(TrailRange range, Consumer<Line> hears) {
    reader.trail(range, row -> hears.accept(line(row)));
  }

  private static Line line(AuditRow row) {
    return new Line(
        "the ledger's row %d of epoch %d".formatted(row.seq(), row.epoch()), row.line());
  }
}
