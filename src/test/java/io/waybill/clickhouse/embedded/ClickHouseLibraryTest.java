package io.waybill.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClickHouseLibraryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  // Does what npm does with its arguments, as far as Waybill looks: last the package, a --prefix
  // and a --cache.
  private static final String FAKE_NPM =
      """
      echo "$@" >> "$(dirname "$0")/calls"
      for argument in "$@"; do
        case "$argument" in
          --prefix=*) prefix="${argument#--prefix=}" ;;
          --cache=*) cache="${argument#--cache=}" ;;
        esac
        package="${argument%@*}"
      done
      mkdir -p "$prefix/node_modules/$package"
      echo 0123456789 > "$cache/content"
      """;
  private static final String BRING =
      "echo library > \"$prefix/node_modules/$package/libchdb.so\"\n";

  @TempDir Path folder;
  private Path cache;
  private Path tools;

  @BeforeEach
  void folders() throws IOException {
    cache = folder.resolve("cache");
    tools = Files.createDirectory(folder.resolve("tools"));
  }

  @Test
  void fetchesOnceAndShowsTheProgress() throws IOException {
    npm(FAKE_NPM + BRING);
    List<Long> received = new ArrayList<>();

    Path library = library((bytes, expected) -> received.add(bytes)).ensure();
    Path again = library(DownloadListener.SILENT).ensure();

    assertThat(library).hasContent("library").isEqualTo(again);
    assertThat(received).last().isEqualTo(11L);
    assertThat(calls()).hasSize(1);
    assertThat(calls().get(0))
        .contains("--no-audit --no-fund --no-package-lock")
        .endsWith("@0.0.1");
    assertThat(workFolders()).isEmpty();
  }

  @Test
  void saysWhatToDoWithoutNpm() {
    LibrarySettings settings = new LibrarySettings(cache, "0.0.1", List.of(tools));
    assertThatThrownBy(() -> new ClickHouseLibrary(settings, DownloadListener.SILENT).ensure())
        .isInstanceOf(EmbeddedClickHouseException.class)
        .hasMessageContaining("No npm on the PATH")
        .hasMessageContaining("Install npm")
        .hasMessageContaining("waybill.clickhouse.binary")
        .hasMessageContaining("waybill.clickhouse.url");
    assertThat(workFolders()).isEmpty();
  }

  @Test
  void showsWhatNpmSaidButNoSecrets() throws IOException {
    npm(
        "echo 'npm error 401 at https://ann:topsecret@mirror.example/x'; echo '_authToken=topsecret'; exit 7");
    assertThatThrownBy(() -> library(DownloadListener.SILENT).ensure())
        .isInstanceOf(EmbeddedClickHouseException.class)
        .hasMessageContaining("exit code 7")
        .hasMessageContaining("npm error 401 at https://***@mirror.example/x")
        .hasMessageNotContaining("topsecret");
    assertThat(workFolders()).isEmpty();
  }

  @Test
  void saysWhenTheDiskIsFull() throws IOException {
    npm("echo 'npm error code ENOSPC'; exit 228");
    assertThatThrownBy(() -> library(DownloadListener.SILENT).ensure())
        .hasMessageContaining("The disk is full");
  }

  @Test
  void refusesAPackageWithoutTheLibrary() throws IOException {
    npm(FAKE_NPM);
    assertThatThrownBy(() -> library(DownloadListener.SILENT).ensure())
        .hasMessageContaining("there is no libchdb.so in it");
    assertThat(workFolders()).isEmpty();
  }

  @Test
  void refusesTheTestedVersionWithAnotherDigest() throws IOException {
    npm(FAKE_NPM + BRING + "echo '\"sha512-other\"' > \"$prefix/node_modules/.package-lock.json\"");
    LibrarySettings settings =
        new LibrarySettings(
            cache, LibrarySettings.DEFAULT_VERSION, FetchMain.settings(cache, tools).searchPath());
    boolean pinned =
        LibraryPackage.of(
                System.getProperty("os.name"), System.getProperty("os.arch"), settings.version())
            .integrity()
            .isPresent();
    assumeTrue(pinned);
    assertThatThrownBy(() -> new ClickHouseLibrary(settings, DownloadListener.SILENT).ensure())
        .hasMessageContaining("other digest");
  }

  @Test
  void fetchesADamagedCacheAgainAndThrowsAwayWhatAKilledDownloadLeft() throws IOException {
    npm(FAKE_NPM + BRING);
    Path library = library(DownloadListener.SILENT).ensure();
    Files.writeString(library, "lib");
    Path remains =
        Files.createDirectories(cache.resolve("clickhouse/.fetch-1/prefix/node_modules"));
    Files.writeString(remains.resolve("half"), "half");

    assertThat(library(DownloadListener.SILENT).ensure()).hasContent("library");

    assertThat(calls()).hasSize(2);
    assertThat(workFolders()).isEmpty();
  }

  @Test
  void waitsForAnotherProcessThatFetchesAndUsesWhatItBrings() throws Exception {
    npm(FAKE_NPM + "while [ ! -e \"$(dirname \"$0\")/go\" ]; do sleep 0.05; done\n" + BRING);
    Process other = OwnerMain.startMain(FetchMain.class, cache.toString(), tools.toString());
    await().atMost(PATIENCE).until(() -> Files.exists(tools.resolve("calls")));
    CountDownLatch waits = new CountDownLatch(1);

    CompletableFuture<Path> second =
        CompletableFuture.supplyAsync(() -> library(new Waiting(waits)).ensure());

    assertThat(waits.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    Files.createFile(tools.resolve("go"));
    assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasContent("library");
    assertThat(other.waitFor()).isZero();
    assertThat(calls()).hasSize(1);
  }

  @Test
  void saysWhichCacheCannotBeWritten() throws IOException {
    cache = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> library(DownloadListener.SILENT).ensure())
        .isInstanceOf(EmbeddedClickHouseException.class)
        .hasMessageContaining(cache.toString())
        .hasMessageContaining("WAYBILL_CACHE");
  }

  private record Waiting(CountDownLatch latch) implements DownloadListener {
    @Override
    public void onProgress(long received, long expected) {}

    @Override
    public void onWaitingForOtherProcess() {
      latch.countDown();
    }
  }

  private ClickHouseLibrary library(DownloadListener listener) {
    return new ClickHouseLibrary(FetchMain.settings(cache, tools), listener);
  }

  private void npm(String script) throws IOException {
    Scripts.write(tools.resolve("npm"), script);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(tools.resolve("calls"));
  }

  private List<Path> workFolders() {
    try (Stream<Path> files = Files.list(cache.resolve("clickhouse"))) {
      return files.filter(it -> it.getFileName().toString().startsWith(".fetch-")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
