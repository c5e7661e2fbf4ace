package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A ClickHouse of Waybill's own: a child process on a data folder, asked over HTTP on the loopback.
 * It is started again when it dies, with its data, on the same URL with the same user and password;
 * it ends with {@link #close} or with this process, however that ends.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedClickHouse implements AutoCloseable {
  private static final int PASSWORD_BYTES = 24;

  private final DataFolderLock lock;
  private final Supervisor supervisor;
  private final List<Consumer<ServerAddress>> restartListeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedClickHouse(EmbeddedSettings settings, DataFolderLock lock) {
    this.lock = lock;
    this.supervisor =
        new Supervisor(
            settings,
            launcher(settings),
            newPassword(),
            address -> restartListeners.forEach(listener -> listener.accept(address)));
  }

  /**
   * Starts it, and returns when it answers. The first time ever the library is downloaded (178 MB);
   * after that it takes about a second.
   *
   * @throws EmbeddedClickHouseException if another process runs the data folder, or it cannot be
   *     fetched, configured or started
   */
  public static EmbeddedClickHouse start(EmbeddedSettings settings) {
    try {
      PrivateFiles.folder(settings.dataFolder());
      EmbeddedClickHouse server =
          new EmbeddedClickHouse(settings, DataFolderLock.take(settings.dataFolder()));
      server.startOrClose();
      return server;
    } catch (IOException e) {
      throw new EmbeddedClickHouseException(
          "Cannot run the embedded ClickHouse in %s: %s. That folder must be writable and belong to this user."
              .formatted(settings.dataFolder(), e),
          e);
    }
  }

  private static ServerLauncher launcher(EmbeddedSettings settings) {
    return settings.binary().isPresent()
        ? new BinaryLauncher(settings.binary().get(), settings.environment())
        : new LibraryLauncher(
            new ClickHouseLibrary(settings.library(), settings.listener()), settings.environment());
  }

  private static String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private void startOrClose() throws IOException {
    boolean started = false;
    try {
      supervisor.start();
      started = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedClickHouseException("Interrupted while the embedded ClickHouse started", e);
    } finally {
      if (!started) {
        close();
      }
    }
  }

  /** How to ask it now. */
  public ServerAddress address() {
    return supervisor.address();
  }

  /**
   * HTTP address without a path. Stays the same when the server is started again, unless another
   * program took its port then.
   */
  public String url() {
    return address().url();
  }

  /** The user with all rights. */
  public String user() {
    return address().user();
  }

  /** The password of {@link #user()}, made anew at each {@link #start}. */
  public String password() {
    return address().password();
  }

  /** Process id of the server; another one after each restart. */
  public long pid() {
    return address().pid();
  }

  /** Whether its process lives and has answered since it was started. */
  public boolean isRunning() {
    return supervisor.isRunning();
  }

  /**
   * Why it is down for good, with what to do; empty as long as it runs or is being started again.
   */
  public Optional<String> failure() {
    return supervisor.failure();
  }

  /**
   * Has {@code listener} told of the address after each restart, on a thread of the watch; it
   * should not take long.
   */
  public void onRestart(Consumer<ServerAddress> listener) {
    restartListeners.add(listener);
  }

  /**
   * Stops the server cleanly and gives the data folder free; does nothing the second time. Takes a
   * tenth of a second, or up to five seconds while HTTP connections to it are open, idle ones too:
   * close the clients first.
   */
  @Override
  public void close() {
    // a second stop would take away the note of a server that was started here meanwhile
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      supervisor.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new EmbeddedClickHouseException(
          "Cannot tidy up after the embedded ClickHouse: " + e, e);
    } finally {
      giveFolderFree();
    }
  }

  private void giveFolderFree() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new EmbeddedClickHouseException("Cannot give the data folder free: " + e, e);
    }
  }
}
