package io.waybill.clickhouse.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs the user's npm, the ordinary client with its own settings and integrity check, to fetch one
 * package.
 */
final class NpmInstall {

  private static final long PROGRESS_MILLIS = 200;
  private static final int SHOWN_LINES = 12;
  private static final Pattern SECRETS =
      Pattern.compile(
          "(?<=://)[^/@\\s]+(?=@)|(?<=_auth(Token)?\\s?[=:]\\s?)\\S+|npm_[A-Za-z0-9]{16,}");

  private final List<Path> searchPath;

  NpmInstall(List<Path> searchPath) {
    this.searchPath = searchPath;
  }

  /**
   * Installs a package and returns when it is there.
   *
   * @param specifier {@code name@version}
   * @param work an empty folder; the package comes into its subfolder {@code prefix}. npm's own
   *     cache is beside it, because its growth is the only honest measure of what has come over the
   *     wire
   * @param received told the bytes received up to now
   */
  void run(String specifier, Path work, LongConsumer received) throws IOException {
    Path prefix = Files.createDirectory(work.resolve("prefix"));
    Path cache = Files.createDirectory(work.resolve("npm-cache"));
    Path output = work.resolve("npm.log");
    Process npm = start(specifier, prefix, cache, output);
    try {
      while (!npm.waitFor(PROGRESS_MILLIS, TimeUnit.MILLISECONDS)) {
        received.accept(Folders.size(cache));
      }
      received.accept(Folders.size(cache));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedClickHouseException("Interrupted while npm fetched " + specifier, e);
    } finally {
      npm.descendants().forEach(ProcessHandle::destroyForcibly);
      npm.destroyForcibly();
    }
    if (npm.exitValue() != 0) {
      throw failed(specifier, npm.exitValue(), output);
    }
  }

  private Process start(String specifier, Path prefix, Path cache, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            find().toString(),
            "install",
            "--prefix=" + prefix,
            "--cache=" + cache,
            "--no-audit",
            "--no-fund",
            "--no-package-lock",
            "--no-update-notifier",
            "--ignore-scripts",
            "--loglevel=error",
            specifier);
    // not in the user's project, whose .npmrc and workspaces are none of our business
    builder.directory(prefix.toFile());
    builder.environment().put("PATH", path());
    return builder
        .redirectErrorStream(true)
        .redirectInput(
            ProcessBuilder.Redirect.from(
                Files.createFile(output.resolveSibling("no-input")).toFile()))
        .redirectOutput(output.toFile())
        .start();
  }

  private Path find() {
    return searchPath.stream()
        .map(folder -> folder.resolve("npm"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toAbsolutePath)
        .orElseThrow(
            () ->
                new EmbeddedClickHouseException(
                    "No npm on the PATH, and the embedded ClickHouse is fetched with it, once for each user. Install npm (it comes"
                        + " with Node.js) and start again. "
                        + ClickHouseLibrary.OTHER_WAYS));
  }

  private String path() {
    return searchPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private EmbeddedClickHouseException failed(String specifier, int exitValue, Path output)
      throws IOException {
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    String hint =
        text.contains("ENOSPC")
            ? "The disk is full: the download needs about 760 MB for a while."
            : "Mend what npm complains about and start again; what was fetched up to now is thrown away.";
    return new EmbeddedClickHouseException(
        "npm could not fetch %s (exit code %d). %s %s npm's last lines:%n%s"
            .formatted(specifier, exitValue, hint, ClickHouseLibrary.OTHER_WAYS, lastLines(text)));
  }

  private static String lastLines(String text) {
    List<String> lines =
        SECRETS.matcher(text).replaceAll("***").lines().filter(l -> !l.isBlank()).toList();
    return String.join(
        System.lineSeparator(),
        lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
  }
}
