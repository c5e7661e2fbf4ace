package io.waybill.camel;

import io.waybill.delivery.RunResult;
import java.util.List;

/**
 * What became of a file of collected messages.
 *
 * @param result of its run; null when it is not known any more
 * @param refused first bytes of the records in it that became dead letters
 */
record Arrival(RunResult result, List<Long> refused) {

  /** How many records of a range were refused. */
  long refused(long from, long to) {
    return refused.stream().filter(offset -> offset >= from && offset < to).count();
  }
}
