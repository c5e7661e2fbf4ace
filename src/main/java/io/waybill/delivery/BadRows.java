package io.waybill.delivery;

/** Counts the records of one run, and those of them that were refused. Thread-safe. */
final class BadRows {
  private final BadRowLimit limit;
  private long records;
  private long bad;

  BadRows(BadRowLimit limit, long records, long bad) {
    this.limit = limit;
    this.records = records;
    this.bad = bad;
  }

  BadRowLimit limit() {
    return limit;
  }

  synchronized void planned(long more) {
    records += more;
  }

  synchronized void refused(long more) {
    bad += more;
  }

  /** How many more may be bad. */
  synchronized long left() {
    return Math.max(0, limit.of(records) - bad);
  }
}
