package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The ClickHouse library in the per-user cache, fetched with npm when it is not there. A version is
 * in its folder whole or not at all: it is fetched beside it, checked, and renamed into place. Two
 * processes never fetch at the same time.
 *
 * <p>Thread-safe.
 */
public final class ClickHouseLibrary {

  static final String OTHER_WAYS =
      "Or use another ClickHouse: put a clickhouse binary on the PATH and name it with waybill.clickhouse.binary, or set"
          + " waybill.clickhouse.url to a server.";

  private static final String WORK_PREFIX = ".fetch-";

  private final LibrarySettings settings;
  private final LibraryPackage libraryPackage;
  private final DownloadListener listener;

  /**
   * For the platform of this process.
   *
   * @throws EmbeddedClickHouseException if there is no library for it
   */
  public ClickHouseLibrary(LibrarySettings settings, DownloadListener listener) {
    this.settings = settings;
    this.libraryPackage =
        LibraryPackage.of(
            System.getProperty("os.name"), System.getProperty("os.arch"), settings.version());
    this.listener = listener;
  }

  /**
   * Makes sure that the library is in the cache; the first time this takes as long as 178 MB do.
   *
   * @return the library's file
   * @throws EmbeddedClickHouseException if it cannot be fetched or kept
   */
  public Path ensure() {
    try {
      Optional<Path> present = present();
      return present.isPresent() ? present.get() : fetchAlone();
    } catch (IOException e) {
      throw new EmbeddedClickHouseException(
          "Cannot keep the embedded ClickHouse in %s: %s. Make that folder writable or name another with WAYBILL_CACHE. %s"
              .formatted(root(), e, OTHER_WAYS),
          e);
    }
  }

  private Path root() {
    return settings.cacheFolder().resolve("clickhouse");
  }

  private Path folder() {
    String platform = libraryPackage.name().substring(libraryPackage.name().indexOf('/') + 1);
    return root().resolve(libraryPackage.version()).resolve(platform);
  }

  /**
   * The size is enough to know a damaged cache; the content was checked by npm when it came, and
   * hashing it takes a second.
   */
  private Optional<Path> present() throws IOException {
    Path library = folder().resolve(libraryPackage.library());
    try {
      long recorded = Long.parseLong(Files.readString(sizeFile(folder())).strip());
      return Files.size(library) == recorded ? Optional.of(library) : Optional.empty();
    } catch (NoSuchFileException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Path sizeFile(Path folder) {
    return folder.resolve("libchdb.size");
  }

  // one lock for the class: within a JVM a second FileLock on the same file is an error, not a wait
  private Path fetchAlone() throws IOException {
    synchronized (ClickHouseLibrary.class) {
      Files.createDirectories(root());
      try (FileChannel channel =
          FileChannel.open(
              root().resolve("fetch.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lockUntilClosed(channel);
        Optional<Path> broughtByOther = present();
        if (broughtByOther.isEmpty()) {
          fetch();
        }
        return present()
            .orElseThrow(() -> new EmbeddedClickHouseException("The cache changes: " + folder()));
      }
    }
  }

  private void lockUntilClosed(FileChannel channel) throws IOException {
    if (channel.tryLock() == null) {
      listener.onWaitingForOtherProcess();
      channel.lock();
    }
  }

  private void fetch() throws IOException {
    removeRemains();
    long free = Files.getFileStore(root()).getUsableSpace();
    if (free < LibraryPackage.DISK_BYTES) {
      throw new EmbeddedClickHouseException(
          "The embedded ClickHouse needs %d MB in %s, and %d MB are free. Make room or name another folder with WAYBILL_CACHE. %s"
              .formatted(
                  LibraryPackage.DISK_BYTES / 1_000_000, root(), free / 1_000_000, OTHER_WAYS));
    }
    Path work = Files.createTempDirectory(root(), WORK_PREFIX);
    try {
      new NpmInstall(settings.searchPath())
          .run(
              libraryPackage.specifier(),
              work,
              bytes -> listener.onProgress(bytes, LibraryPackage.DOWNLOAD_BYTES));
      Path prefix = work.resolve("prefix");
      verify(prefix);
      moveIntoPlace(prefix);
    } finally {
      Folders.delete(work);
    }
  }

  /** What killed downloads left; nobody else can be writing there, because the lock is ours. */
  private void removeRemains() throws IOException {
    try (DirectoryStream<Path> remains = Files.newDirectoryStream(root(), WORK_PREFIX + "*")) {
      for (Path folder : remains) {
        Folders.delete(folder);
      }
    }
  }

  private void verify(Path prefix) throws IOException {
    Path library = prefix.resolve(libraryPackage.library());
    if (!Files.isRegularFile(library)) {
      throw new EmbeddedClickHouseException(
          "npm fetched %s, but there is no libchdb.so in it. %s"
              .formatted(libraryPackage.specifier(), OTHER_WAYS));
    }
    if (libraryPackage.integrity().isPresent()) {
      String lock = Files.readString(prefix.resolve("node_modules").resolve(".package-lock.json"));
      if (!lock.contains('"' + libraryPackage.integrity().get() + '"')) {
        throw new EmbeddedClickHouseException(
            "What npm fetched as %s is not the package that Waybill was tested with (other digest), so it is not run. Check which"
                    .formatted(libraryPackage.specifier())
                + " registry npm uses. "
                + OTHER_WAYS);
      }
    }
    Files.writeString(sizeFile(prefix), Long.toString(Files.size(library)));
  }

  private void moveIntoPlace(Path prefix) throws IOException {
    Files.createDirectories(folder().getParent());
    Folders.delete(folder());
    Files.move(prefix, folder(), StandardCopyOption.ATOMIC_MOVE);
  }
}
