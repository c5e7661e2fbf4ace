package io.waybill.camel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The route files of a home: its own, directly in {@code routes/}, and what the program ships for
 * those of {@code routes/waybill} that are not there. Thread-safe.
 */
public final class RouteFolder {
  private static final List<String> SHIPPED =
      List.of("errors", "deliver", "dead-letter", "audit", "alert");
  private static final String SUFFIX = ".camel.yaml";
  private final Path home;

  public RouteFolder(Path home) {
    this.home = home;
  }

  /** The folder, which need not be there. */
  public Path path() {
    return home.resolve("routes");
  }

  /**
   * Users' files, by name. Folders in it are not looked into.
   *
   * @throws IOException if the folder or a file in it cannot be read
   */
  public SortedMap<String, RouteFile> users() throws IOException {
    TreeMap<String, RouteFile> found = new TreeMap<>();
    if (!Files.isDirectory(path())) {
      return found;
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(path())) {
      files = entries.filter(RouteFolder::isRouteFile).toList();
    }
    for (Path file : files) {
      readIfThere(file).ifPresent(read -> found.put(read.name(), read));
    }
    return found;
  }

  /** A file that vanished since the folder was listed is none. */
  private Optional<RouteFile> readIfThere(Path file) throws IOException {
    try {
      return Optional.of(RouteFile.read(home, file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads a file that need not be in the folder.
   *
   * @throws IOException if it cannot be read
   */
  public RouteFile read(Path file) throws IOException {
    return RouteFile.read(home, file.toAbsolutePath().normalize());
  }

  private static boolean isRouteFile(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file)
        && !name.startsWith(".")
        && (name.endsWith(SUFFIX) || name.endsWith(".java"));
  }

  /**
   * Users' files and {@link #shipped()}, by name.
   *
   * @throws IOException if a file cannot be read
   */
  public SortedMap<String, RouteFile> all() throws IOException {
    SortedMap<String, RouteFile> all = users();
    shipped().forEach(file -> all.put(file.name(), file));
    return all;
  }

  /**
   * What {@code routes/waybill} holds, or the program ships, in the order of loading.
   *
   * @throws IOException if a file cannot be read
   */
  public List<RouteFile> shipped() throws IOException {
    List<RouteFile> files = new ArrayList<>();
    for (String each : SHIPPED) {
      Path own = path().resolve("waybill").resolve(each + SUFFIX);
      files.add(Files.exists(own) ? RouteFile.read(home, own) : packaged(own, each + SUFFIX));
    }
    return files;
  }

  private static RouteFile packaged(Path own, String name) throws IOException {
    String resource = "io/waybill/routes/" + name;
    try (InputStream in = RouteFolder.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + resource);
      }
      return new RouteFile(
          "routes/waybill/" + name, own, "classpath:" + resource, in.readAllBytes());
    }
  }
}
