package io.waybill.cli;

/** Exit codes of every command. */
final class ExitCode {
  /** All delivered, or what was asked for was answered. */
  static final int OK = 0;

  /** Delivered, with dead letters. */
  static final int DEAD_LETTERS = 1;

  /** Wrong usage or configuration. */
  static final int USAGE = 2;

  /** Held or failed. */
  static final int HELD_OR_FAILED = 3;

  private ExitCode() {}
}
