package io.waybill.app;

import io.waybill.audit.ChainEntry;
import io.waybill.audit.TrailVerifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A trail in a file, one event a line, as it was exported. */
final class FileTrail {
  private final Path file;

  FileTrail(Path file) {
    this.file = file;
  }

  void marks(Consumer<ChainEntry> hears) {
    all(
        line ->
            ChainEntry.parse(line.text())
                .filter(entry -> TrailVerifier.MARKING.contains(entry.kind()))
                .ifPresent(hears));
  }

  /** The first line that is an event. */
  Optional<ChainEntry> first() {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return reader.lines().map(ChainEntry::parse).flatMap(Optional::stream).findFirst();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  void all(Consumer<TrailSource.Line> hears) {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      long number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        hears.accept(new TrailSource.Line("line %d of %s".formatted(number, file), line));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private ConfigurationException unreadable(Exception e) {
    boolean noText = e instanceof MalformedInputException;
    return new ConfigurationException(
        List.of(
            "%s cannot be read: %s"
                .formatted(file, noText ? "it is not text in UTF-8" : e.getMessage())));
  }
}
