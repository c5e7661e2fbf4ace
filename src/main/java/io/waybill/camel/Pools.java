package io.waybill.camel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import org.apache.camel.CamelContext;

/** Thread pools for what somebody waits for. */
public final class Pools {
  private Pools() {}

  /**
   * A pool that refuses what it does not take. Camel's own drop a task without a word once they are
   * shut down, and who waits for it waits for ever.
   *
   * @param source what the pool belongs to
   */
  public static ExecutorService fixed(
      CamelContext context, Object source, String name, int threads) {
    ExecutorService pool =
        context.getExecutorServiceManager().newFixedThreadPool(source, name, threads);
    ((ThreadPoolExecutor) pool).setRejectedExecutionHandler(new ThreadPoolExecutor.AbortPolicy());
    return pool;
  }
}
