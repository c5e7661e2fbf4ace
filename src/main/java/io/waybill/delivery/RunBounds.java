package io.waybill.delivery;

import java.util.Optional;

/**
 * How much a run may bring; one that would bring more fails before the batch that is too much is
 * planned.
 *
 * @param rows most records
 * @param bytes most bytes
 */
public record RunBounds(Optional<Bound> rows, Optional<Bound> bytes) {
  /** As much as there is. */
  public static final RunBounds NONE = new RunBounds(Optional.empty(), Optional.empty());

  /**
   * A bound.
   *
   * @param most how much
   * @param rule who says so, for people: {@code policy.yaml:12}
   */
  public record Bound(long most, String rule) {}

  /**
   * Refuses more than that.
   *
   * @throws RunFailedException naming the bound
   */
  void require(long sumOfRows, long sumOfBytes) {
    rows.filter(bound -> sumOfRows > bound.most()).ifPresent(bound -> refuse("rows", bound));
    bytes.filter(bound -> sumOfBytes > bound.most()).ifPresent(bound -> refuse("bytes", bound));
  }

  private static void refuse(String what, Bound bound) {
    throw new RunFailedException(
        "the run would bring more than %d %s (%s)".formatted(bound.most(), what, bound.rule()),
        "what arrived stays; raise max-%s-per-run: there, then ./waybill rerun, or bring less at a time"
            .formatted(what));
  }
}
