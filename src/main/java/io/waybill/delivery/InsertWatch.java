package io.waybill.delivery;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Port: watches each attempt to insert a batch, those of the audit trail too. Called by the thread
 * that sends; must not block or throw.
 */
@FunctionalInterface
public interface InsertWatch {
  /** Watches nothing. */
  InsertWatch NONE = (plan, attempt) -> Attempt.UNSEEN;

  /**
   * An attempt begins.
   *
   * @param attempt its number, from 1
   */
  Attempt begun(BatchPlan plan, int attempt);

  /** An attempt that is being watched. */
  interface Attempt {
    /** Nobody looks at it. */
    Attempt UNSEEN = failure -> {};

    /** What the query's log_comment is to carry beside flow, run and batch. */
    default Map<String, String> papers() {
      return Map.of();
    }

    /** It ended: with what came in between, or empty if the batch arrived. */
    void ended(Optional<Failure> failure);
  }

  /** Several of them as one. */
  static InsertWatch all(List<InsertWatch> watches) {
    return (plan, attempt) ->
        new Several(watches.stream().map(w -> w.begun(plan, attempt)).toList());
  }

  /** One attempt that several watch. */
  record Several(List<Attempt> all) implements Attempt {
    @Override
    public Map<String, String> papers() {
      Map<String, String> papers = new TreeMap<>();
      all.forEach(each -> papers.putAll(each.papers()));
      return papers;
    }

    @Override
    public void ended(Optional<Failure> failure) {
      all.forEach(each -> each.ended(failure));
    }
  }
}
