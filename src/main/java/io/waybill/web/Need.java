package io.waybill.web;

import io.waybill.delivery.TableName;
import io.waybill.policy.Action;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an endpoint asks of its caller before it is called.
 *
 * @param anyOf one of these rights will do; none: whoever is let in may ask, and is answered what
 *     he may see
 * @param concern tables that it is needed for; for rights that are about no table it is not asked
 */
record Need(List<Action> anyOf, Concern concern) {

  /** Which tables a request is about; none, if there is nothing of what it names. */
  @FunctionalInterface
  interface Concern {
    List<TableName> tables(Request request);
  }

  /**
   * Papers of runs and batches: of tables that somebody reads or operates, or all to an auditor.
   */
  static final List<Action> SEEING = List.of(Action.READ, Action.OPERATE, Action.AUDIT);

  private static final Concern NONE = request -> List.of();

  /** Anybody who is let in; the answer holds what he may see. */
  static final Need NOTHING = new Need(List.of(), NONE);

  /** How the home is set up. */
  static final Need PAPERS = new Need(List.of(Action.AUDIT, Action.ADMINISTER), NONE);

  /** The audit trail. */
  static final Need TRAIL = new Need(List.of(Action.AUDIT), NONE);

  /** To decide for others. */
  static final Need TO_ADMINISTER = new Need(List.of(Action.ADMINISTER), NONE);

  /** To see the papers of these tables. */
  static Need toSee(Concern concern) {
    return new Need(SEEING, concern);
  }

  /** To see rows of these tables. */
  static Need toRead(Concern concern) {
    return new Need(List.of(Action.READ), concern);
  }

  /** To order something of flows into these tables. */
  static Need toOperate(Concern concern) {
    return new Need(List.of(Action.OPERATE), concern);
  }

  /** As the OpenAPI document says it. */
  String words() {
    if (anyOf.isEmpty()) {
      return "Answers what the caller may see.";
    }
    boolean tables = anyOf.stream().anyMatch(Action::isAboutTables);
    return "With a policy needs the right to "
        + anyOf.stream().map(Action::word).collect(Collectors.joining(" or "))
        + (tables ? ", for the tables that it concerns." : ".");
  }
}
