package io.waybill.policy;

/** The policy of this home. Thread-safe. */
@FunctionalInterface
public interface Policies {

  /**
   * The one that holds now. It is replaced as a whole when the file changes, and a broken file
   * leaves it as it is: whoever decides several things alike keeps it for that long.
   */
  Policy current();
}
