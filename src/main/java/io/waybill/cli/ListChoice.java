package io.waybill.cli;

import picocli.CommandLine.Option;

/** Options that say how much a list has, and how it is printed. */
final class ListChoice {
  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many; default ${DEFAULT-VALUE}.",
      defaultValue = "50")
  private int limit;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  /**
   * How many at most.
   *
   * @throws UsageException if it is no such number
   */
  int limit() {
    if (limit < 1) {
      throw new UsageException("--limit must be at least 1");
    }
    return limit;
  }

  boolean json() {
    return json;
  }
}
