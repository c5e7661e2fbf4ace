package io.waybill.batch;

/**
 * How large a batch may grow.
 *
 * @param rows most records in a batch
 * @param bytes most payload bytes in a batch; a single larger record is a batch of its own
 * @param recordBytes longest record that is taken for one; beyond it the source is refused, since
 *     an unclosed quote would else swallow the rest of the file
 */
public record CutLimits(long rows, long bytes, long recordBytes) {
  public CutLimits {
    if (rows < 1 || bytes < 1 || recordBytes < 1) {
      throw new IllegalArgumentException("limits of a batch must be positive");
    }
  }
}
