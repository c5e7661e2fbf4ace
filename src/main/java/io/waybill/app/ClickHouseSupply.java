package io.waybill.app;

import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.clickhouse.embedded.EmbeddedClickHouseException;
import io.waybill.clickhouse.embedded.EmbeddedSettings;
import io.waybill.clickhouse.embedded.RunningServer;
import io.waybill.clickhouse.embedded.ServerAddress;
import io.waybill.secret.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where ClickHouse is: the configured address, the embedded server that another process of this
 * home runs, or one that is started here and stopped by {@link #close}.
 */
public final class ClickHouseSupply implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long POLL_MILLIS = 100;
  private final String url;
  private final String user;
  private final Secret password;
  private final boolean embedded;
  private final EmbeddedClickHouse own;

  private ClickHouseSupply(
      String url, String user, Secret password, boolean embedded, EmbeddedClickHouse own) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.embedded = embedded;
    this.own = own;
  }

  /**
   * Finds or starts it.
   *
   * @throws ConfigurationException if it has to be started and cannot be
   */
  public static ClickHouseSupply open(Home home, WaybillConfig config, DownloadListener listener) {
    WaybillConfig.ClickHouse configured = config.clickHouse();
    if (!configured.isOwn()) {
      return new ClickHouseSupply(
          configured.url(), configured.user(), configured.password(), false, null);
    }
    var folder = home.data().resolve("clickhouse");
    Optional<ServerAddress> running = RunningServer.find(folder);
    if (running.isPresent()) {
      return of(running.get(), null);
    }
    try {
      EmbeddedSettings settings = EmbeddedSettings.in(folder).withListener(listener);
      if (!configured.binary().isEmpty()) {
        settings = settings.withBinary(configured.binary());
      }
      EmbeddedClickHouse own = EmbeddedClickHouse.start(settings);
      return of(own.address(), own);
    } catch (EmbeddedClickHouseException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  /**
   * As {@link #open}, for the process that runs flows: an embedded server that a short command of
   * this home happens to run is waited for, since it goes with that command.
   */
  static ClickHouseSupply own(Home home, WaybillConfig config, DownloadListener listener)
      throws InterruptedException {
    if (config.clickHouse().isOwn()) {
      var folder = home.data().resolve("clickhouse");
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (RunningServer.find(folder).isPresent() && System.nanoTime() < end) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
    return open(home, config, listener);
  }

  private static ClickHouseSupply of(ServerAddress address, EmbeddedClickHouse own) {
    return new ClickHouseSupply(
        address.url(), address.user(), Secret.of(address.password()), true, own);
  }

  /** HTTP address without a path. */
  public String url() {
    return url;
  }

  /** User to ask it as. */
  public String user() {
    return user;
  }

  /** Its password. */
  public Secret password() {
    return password;
  }

  /** Whether it is Waybill's own server. */
  public boolean isEmbedded() {
    return embedded;
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
