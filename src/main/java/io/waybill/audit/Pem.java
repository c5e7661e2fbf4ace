package io.waybill.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Keys in PEM files (RFC 7468). */
final class Pem {
  private static final int LINE = 64;

  private Pem() {}

  static String text(String label, byte[] key) {
    String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }

  /**
   * The bytes in a file.
   *
   * @throws IllegalArgumentException if it is no PEM
   */
  static byte[] read(Path file) throws IOException {
    StringBuilder body = new StringBuilder();
    boolean inside = false;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("-----")) {
        inside = line.startsWith("-----BEGIN");
      } else if (inside) {
        body.append(line.strip());
      }
    }
    if (body.isEmpty()) {
      throw new IllegalArgumentException(file + " is no PEM file");
    }
    return Base64.getDecoder().decode(body.toString());
  }
}
