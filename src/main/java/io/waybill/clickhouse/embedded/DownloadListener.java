package io.waybill.clickhouse.embedded;

/**
 * Told how the one-time download of ClickHouse goes on. Called on the thread that waits for it,
 * some times a second.
 */
public interface DownloadListener {

  /** A listener that shows nothing. */
  DownloadListener SILENT = (received, expected) -> {};

  /**
   * Bytes have come.
   *
   * @param received bytes received up to now
   * @param expected bytes of the whole download; exact for the default version, a good guess for
   *     others, so {@code received} may end above it
   */
  void onProgress(long received, long expected);

  /**
   * Another process is downloading the same; this one waits for it and then uses what it brought.
   */
  default void onWaitingForOtherProcess() {}
}
