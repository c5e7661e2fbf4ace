package io.waybill.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who wrote a file: editors that write by renaming leave it to who edited it. */
final class FileOwner {
  private FileOwner() {}

  /** Its owner; who runs Waybill if that is not to be had. */
  static String of(Path file) {
    try {
      return Files.getOwner(file).getName();
    } catch (IOException | UnsupportedOperationException e) {
      return System.getProperty("user.name");
    }
  }
}
