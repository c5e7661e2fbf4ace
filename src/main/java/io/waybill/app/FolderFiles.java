package io.waybill.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.component.file.FileEndpoint;

/** The files that a {@code file:} endpoint would take, as far as its plain options tell. */
final class FolderFiles {
  private final FileEndpoint endpoint;
  private final Path folder;

  FolderFiles(FileEndpoint endpoint) {
    this.endpoint = endpoint;
    this.folder = endpoint.getFile().toPath();
  }

  /** In the order of their names. */
  List<Path> list() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder, endpoint.isRecursive() ? Integer.MAX_VALUE : 1)) {
      return files.filter(Files::isRegularFile).filter(this::isMeant).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Camel leaves out what begins with a point, folders too. */
  private boolean isMeant(Path file) {
    boolean hidden =
        StreamSupport.stream(folder.relativize(file).spliterator(), false)
            .anyMatch(part -> part.toString().startsWith("."));
    String name = file.getFileName().toString();
    return !hidden
        && (endpoint.getInclude() == null || matches(endpoint.getInclude(), name))
        && (endpoint.getExclude() == null || !matches(endpoint.getExclude(), name))
        && (endpoint.getIncludeExt() == null || hasExtension(endpoint.getIncludeExt(), name))
        && (endpoint.getExcludeExt() == null || !hasExtension(endpoint.getExcludeExt(), name));
  }

  private static boolean matches(String regex, String name) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(name).matches();
  }

  private static boolean hasExtension(String extensions, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Stream.of(extensions.split(",", -1))
        .anyMatch(extension -> lower.endsWith("." + extension.strip().toLowerCase(Locale.ROOT)));
  }

  /** Options that choose among the files and are not looked at. */
  List<String> notes() {
    List<String> options = new ArrayList<>();
    if (endpoint.getAntInclude() != null || endpoint.getAntExclude() != null) {
      options.add("antInclude, antExclude");
    }
    if (endpoint.getFilter() != null || endpoint.getFilterFile() != null) {
      options.add("filter");
    }
    if (endpoint.getFileName() != null) {
      options.add("fileName");
    }
    if (endpoint.getDoneFileName() != null) {
      options.add("doneFileName");
    }
    return options.isEmpty()
        ? List.of()
        : List.of("not looked at: " + String.join(", ", options) + " of its source");
  }
}
