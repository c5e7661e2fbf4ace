package io.waybill.batch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts whole sources, with small windows and segments so that everything crosses their borders. */
final class Cuts {
  static final CutLimits WIDE = new CutLimits(1_000_000, 1 << 30, 1 << 20);
  static final int SMALL_WINDOW = 16;

  private Cuts() {}

  static CutLimits rows(long rows) {
    return new CutLimits(rows, 1 << 30, 1 << 20);
  }

  static CutLimits bytes(long bytes) {
    return new CutLimits(1_000_000, bytes, 1 << 20);
  }

  static SegmentPool smallSegments() {
    return new SegmentPool(1 << 10, 7);
  }

  static Cutter open(BatchSource source, Format format, CutLimits limits) throws IOException {
    return Cutter.open(source, format, limits, smallSegments(), SMALL_WINDOW);
  }

  static Cutter open(String text, Format format, CutLimits limits) throws IOException {
    return open(BytesSource.of(text), format, limits);
  }

  static List<Batch> all(BatchSource source, Format format, CutLimits limits) throws IOException {
    try (Cutter cutter = open(source, format, limits)) {
      return rest(cutter, true);
    }
  }

  static List<Batch> all(String text, Format format, CutLimits limits) throws IOException {
    return all(BytesSource.of(text), format, limits);
  }

  static List<Batch> rest(Cutter cutter, boolean unterminated) throws IOException {
    List<Batch> batches = new ArrayList<>();
    for (Batch batch = cutter.next(unterminated);
        batch != null;
        batch = cutter.next(unterminated)) {
      batches.add(batch);
    }
    return batches;
  }

  /** The payloads as text. */
  static List<String> texts(List<Batch> batches) {
    return batches.stream().map(Cuts::text).toList();
  }

  static String text(Batch batch) {
    return new String(batch.payload().toByteArray(), StandardCharsets.UTF_8);
  }

  static List<Position> positions(List<Batch> batches) {
    return batches.stream().map(Batch::position).toList();
  }
}
