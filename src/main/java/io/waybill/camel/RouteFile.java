package io.waybill.camel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/** One version of a route file, as it was read: what is checked is what is loaded. Immutable. */
public final class RouteFile {
  private final String name;
  private final Path path;
  private final String location;
  private final byte[] content;
  private final String digest;

  RouteFile(String name, Path path, String location, byte[] content) {
    this.name = name;
    this.path = path;
    this.location = location;
    this.content = content.clone();
    this.digest = HexFormat.of().formatHex(Sha256.of(content));
  }

  /**
   * Reads a file of a home.
   *
   * @throws IOException if it cannot be read
   */
  static RouteFile read(Path home, Path file) throws IOException {
    return new RouteFile(name(home, file), file, "file:" + file, Files.readAllBytes(file));
  }

  private static String name(Path home, Path file) {
    return file.startsWith(home) ? home.relativize(file).toString() : file.toString();
  }

  /** As a person calls it, relative to home. */
  public String name() {
    return name;
  }

  /** Where it was read. */
  public Path path() {
    return path;
  }

  /** Hex SHA-256 of its bytes. */
  public String digest() {
    return digest;
  }

  /** Whether it is the home's own; else the program ships it. */
  public boolean isOfHome() {
    return location.startsWith("file:");
  }

  /** Whether there is nothing in it, as when an editor has only begun to write. */
  boolean isEmpty() {
    return new String(content, StandardCharsets.UTF_8).isBlank();
  }

  /** Its text; may have secrets. */
  public String text() {
    return new String(content, StandardCharsets.UTF_8);
  }

  Resource resource() {
    return ResourceHelper.fromBytes(location, content);
  }
}
