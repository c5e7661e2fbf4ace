package io.waybill.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A real Vault: {@code vault} or {@code bao} on the PATH, else the one in the per-user cache, else
 * one that is built with Go from the module in {@code src/test/vault}, which takes ten minutes
 * once.
 */
final class VaultBinary {
  private static final Path MODULE = Path.of("src/test/vault");
  private static final int SHORT = 16;

  private VaultBinary() {}

  /** Its path; the test is skipped with the reason if there is none, and fails if CI=true. */
  static Path find() {
    return onPath("vault")
        .or(() -> onPath("bao"))
        .orElseGet(() -> onPath("go").map(VaultBinary::built).orElseGet(VaultBinary::cachedOrNone));
  }

  private static Optional<Path> onPath(String name) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Path cachedOrNone() {
    if (Files.isExecutable(cached())) {
      return cached();
    }
    String reason = "there is no vault, bao or go on the PATH, and no Vault in " + cached();
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(reason);
    }
    System.out.println("skipped: " + reason);
    return abort(reason);
  }

  private static Path cached() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (String file : List.of("go.sum", "go.mod", "main.go")) {
        sha256.update(Files.readAllBytes(MODULE.resolve(file)));
      }
      String hash = HexFormat.of().formatHex(sha256.digest()).substring(0, SHORT);
      return Path.of(System.getProperty("user.home"), ".cache", "waybill", "vault", hash, "vault");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path built(Path go) {
    Path binary = cached();
    try {
      Files.createDirectories(binary.getParent());
      try (FileChannel channel =
          FileChannel.open(
              binary.resolveSibling("build.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        var unused = channel.lock();
        if (!Files.isExecutable(binary)) {
          build(go, binary);
        }
      }
      return binary;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void build(Path go, Path binary) throws IOException {
    System.out.println("building Vault once for this user, about ten minutes: " + binary);
    Path unfinished = binary.resolveSibling("vault.part");
    Process process =
        new ProcessBuilder(
                go.toString(),
                "build",
                "-v",
                "-trimpath",
                "-ldflags",
                "-s -w",
                "-o",
                unfinished.toString(),
                ".")
            .directory(MODULE.toFile())
            .inheritIO()
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("go build failed in " + MODULE);
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    Files.move(unfinished, binary, StandardCopyOption.ATOMIC_MOVE);
  }
}
