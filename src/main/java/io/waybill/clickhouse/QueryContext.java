package io.waybill.clickhouse;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Ties what the current thread asks of ClickHouse to something: statements on the data source of
 * {@link ClickHouseJdbc} to a flow and a run, inserts of batches to a trace.
 */
public final class QueryContext {
  private static final ThreadLocal<Map<String, String>> CURRENT = new ThreadLocal<>();
  private static final ThreadLocal<StatementGuard> GUARD = new ThreadLocal<>();

  private QueryContext() {}

  /** Runs something; its statements carry these papers in their log_comment. */
  public static <T> T run(Map<String, String> papers, Callable<T> statements) throws Exception {
    Map<String, String> before = CURRENT.get();
    CURRENT.set(papers);
    try {
      return statements.call();
    } finally {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    }
  }

  /** As {@link #run(Map, Callable)}, with this deciding on the statements. */
  public static <T> T run(Map<String, String> papers, StatementGuard guard, Callable<T> statements)
      throws Exception {
    StatementGuard before = GUARD.get();
    GUARD.set(guard);
    try {
      return run(papers, statements);
    } finally {
      if (before == null) {
        GUARD.remove();
      } else {
        GUARD.set(before);
      }
    }
  }

  /** Lets this decide on the statements of the current thread until it leaves. */
  public static void enter(StatementGuard guard) {
    GUARD.set(guard);
  }

  /** Ends what {@link #enter} began, if something did. */
  public static void leave() {
    GUARD.remove();
  }

  /** What decides on statements of the current thread. */
  static Optional<StatementGuard> guard() {
    return Optional.ofNullable(GUARD.get());
  }

  /** The papers of the current thread; empty for none. */
  static Map<String, String> current() {
    Map<String, String> papers = CURRENT.get();
    return papers == null ? Map.of() : papers;
  }
}
