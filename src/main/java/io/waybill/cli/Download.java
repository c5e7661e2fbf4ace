package io.waybill.cli;

import io.waybill.clickhouse.embedded.DownloadListener;
import java.io.PrintWriter;

/** Shows the one download that a user ever has to wait for. */
final class Download implements DownloadListener {
  private static final int STEP = 10;
  private final PrintWriter err;
  private long shown = -1;

  Download(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void onProgress(long received, long expected) {
    long percent = Math.min(100, received * 100 / Math.max(1, expected));
    boolean live = WaybillCommand.onTerminal();
    if (live ? percent == shown : percent / STEP == shown / STEP && shown >= 0) {
      return;
    }
    shown = percent;
    err.print(
        "%sfetching ClickHouse, once for this user: %s of %s, %d %%%s"
            .formatted(
                live ? "\r" : "",
                Text.size(received),
                Text.size(expected),
                percent,
                live && percent < 100 ? "" : System.lineSeparator()));
    err.flush();
  }

  @Override
  public void onWaitingForOtherProcess() {
    err.println("another Waybill is fetching ClickHouse; waiting for it");
  }
}
