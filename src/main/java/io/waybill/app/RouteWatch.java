package io.waybill.app;

import io.waybill.camel.RouteFile;
import io.waybill.camel.RouteFolder;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches {@code routes/}, by what the file system tells and, since not every one does, by looking
 * now and then. A file counts when it was the same twice, so that one that is half written or
 * renamed does not.
 */
final class RouteWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RouteWatch.class);
  private static final WatchEvent.Kind<?>[] KINDS = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_MODIFY,
    StandardWatchEventKinds.ENTRY_DELETE
  };
  private static final long PATIENCE_MILLIS = 60_000;
  private final RouteFolder folder;
  private final RouteReload reload;
  private final WaybillConfig.Reload pace;
  private final WatchService watch;
  private final Thread thread = new Thread(this::run, "waybill-routes");
  private final CountDownLatch closed = new CountDownLatch(1);
  private WatchKey key;
  private String trouble = "";

  private RouteWatch(RouteFolder folder, RouteReload reload, WaybillConfig.Reload pace)
      throws IOException {
    this.folder = folder;
    this.reload = reload;
    this.pace = pace;
    this.watch = FileSystems.getDefault().newWatchService();
  }

  static RouteWatch start(RouteFolder folder, RouteReload reload, WaybillConfig.Reload pace)
      throws IOException {
    RouteWatch watch = new RouteWatch(folder, reload, pace);
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  private void run() {
    try {
      while (true) {
        look();
        register();
        awaitEvent(pace.poll().toMillis());
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("Waybill is stopping");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void register() {
    if (key != null && key.isValid()) {
      return;
    }
    try {
      key = Files.isDirectory(folder.path()) ? folder.path().register(watch, KINDS) : null;
    } catch (IOException e) {
      LOG.debug("The folder is looked at now and then", e);
    }
  }

  private void awaitEvent(long millis) throws InterruptedException {
    WatchKey event = watch.poll(millis, TimeUnit.MILLISECONDS);
    if (event != null) {
      event.pollEvents();
      event.reset();
    }
  }

  private void look() throws InterruptedException {
    try {
      // a folder that is not there may be one that is not mounted; nothing is taken for deleted
      if (Files.isDirectory(folder.path())) {
        lookUntilQuiet();
      }
      trouble = "";
    } catch (ClosedWatchServiceException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (!trouble.equals(e.toString())) {
        trouble = e.toString();
        LOG.warn("changes in {} cannot be taken: {}", folder.path(), trouble);
        LOG.debug("Changes cannot be taken", e);
      }
    }
  }

  private void lookUntilQuiet() throws Exception {
    Map<String, RouteFile> seen = folder.all();
    while (reload.hasNews(seen)) {
      Map<String, RouteFile> before = seen;
      if (closed.await(pace.quiet().toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
      seen = folder.all();
      Set<String> unsettled = differing(before, seen);
      reload.take(seen, unsettled);
      if (unsettled.isEmpty()) {
        return;
      }
    }
  }

  private static Set<String> differing(Map<String, RouteFile> a, Map<String, RouteFile> b) {
    Set<String> names = new HashSet<>(a.keySet());
    names.addAll(b.keySet());
    names.removeIf(name -> Objects.equals(digest(a.get(name)), digest(b.get(name))));
    return names;
  }

  private static String digest(RouteFile file) {
    return file == null ? null : file.digest();
  }

  /** A change that is being taken is finished first. */
  @Override
  public void close() throws IOException {
    closed.countDown();
    watch.close();
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
