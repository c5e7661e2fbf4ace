package io.waybill.vault;

import io.waybill.secret.CredentialsException;
import io.waybill.secret.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** A file that holds one secret. */
public final class SecretFile {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private SecretFile() {}

  /**
   * Its text, which is masked everywhere from now on.
   *
   * @throws CredentialsException if others than its owner can read it, or nobody can
   */
  public static String read(Path file) {
    try {
      if (Files.getFileStore(file).supportsFileAttributeView("posix")
          && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        throw new CredentialsException(
            "others can read or write the secret in " + file, "chmod 600 " + file);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return readWhoeverMay(file);
  }

  /** Its text, whoever else can read it, as with what Kubernetes mounts. */
  static String readWhoeverMay(Path file) {
    try {
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw new CredentialsException(file + " is empty", "write the secret into it");
      }
      Redaction.hide(secret);
      return secret;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static CredentialsException unreadable(Path file, IOException e) {
    return new CredentialsException(
        e instanceof NoSuchFileException
            ? "there is no file " + file
            : "cannot read " + file + ": " + e.getMessage(),
        "put the secret into " + file + ", readable by its owner only");
  }
}
