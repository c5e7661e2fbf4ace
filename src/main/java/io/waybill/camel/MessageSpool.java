package io.waybill.camel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

/**
 * The files of one flow that messages are collected in, in its folder of the {@link Spool}: one
 * that is written, and those that wait to be delivered like any other body there. Used by one
 * thread.
 */
final class MessageSpool {
  private static final String PREFIX = "messages-";
  static final String OPEN = ".open";
  private static final String JOURNALS = "ids";
  private static final int FORGET_EVERY = 60;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
  private final Path folder;
  private final Path journals;
  private final String kind;
  private final Duration remember;
  private final Clock clock;
  private long made;

  /**
   * In a folder that is there.
   *
   * @param rows whether what is collected are rows that Waybill wrote, rather than text
   * @param remember how long the ids of messages are kept
   */
  MessageSpool(Path folder, boolean rows, Duration remember, Clock clock) throws IOException {
    this.folder = folder;
    this.journals = Files.createDirectories(folder.resolve(JOURNALS));
    this.kind = rows ? Spool.ROWS : Spool.BODY;
    this.remember = remember;
    this.clock = clock;
  }

  /**
   * Begins a file. Names are never used twice, also not beside a ledger that was lost.
   *
   * @param syncing a thread to wait for the disk
   */
  MessageFile begin(ExecutorService syncing) throws IOException {
    Instant now = clock.instant();
    String id =
        PREFIX
            + "%s-%04d-%s"
                .formatted(TIME.format(now), ++made, UUID.randomUUID().toString().substring(0, 8));
    Spool.write(folder.resolve(id + Spool.ID), id.getBytes(StandardCharsets.UTF_8));
    MessageFile file =
        new MessageFile(id, folder.resolve(id + kind + OPEN), journals.resolve(id), now, syncing);
    Spool.sync(journals);
    Spool.sync(folder);
    if (made % FORGET_EVERY == 0) {
      forgetOld();
    }
    return file;
  }

  /** Whether messages were ever collected in this folder. */
  static boolean isIn(Path folder) {
    return Files.isDirectory(folder.resolve(JOURNALS));
  }

  /** Closes a file and leaves it to be delivered. */
  void seal(MessageFile file) throws IOException {
    file.close();
    release(file.rows());
  }

  private void release(Path open) throws IOException {
    String name = open.toString();
    Path body = Path.of(name.substring(0, name.length() - OPEN.length()));
    Files.move(open, body, StandardCopyOption.ATOMIC_MOVE);
    Spool.sync(folder);
  }

  /**
   * Leaves what a crash or a full disk left open to be delivered, as far as it is durable.
   *
   * @return whether there was anything of it
   */
  boolean recover() throws IOException {
    boolean found = false;
    for (Path open : files(folder, OPEN)) {
      String id = open.getFileName().toString().replaceFirst("\\..*", "");
      if (MessageFile.recover(open, journals.resolve(id))) {
        release(open);
        found = true;
      } else {
        Files.deleteIfExists(folder.resolve(id + Spool.ID));
      }
    }
    removeOrphans();
    return found;
  }

  /** A crash may come between the files that belong together. */
  private void removeOrphans() throws IOException {
    for (Path name : files(folder, Spool.ID)) {
      String id = name.getFileName().toString().replaceFirst("\\..*", "");
      if (id.startsWith(PREFIX) && !Files.exists(folder.resolve(id + kind))) {
        Files.deleteIfExists(name);
      }
    }
  }

  /** The ids of messages that came lately, oldest first. */
  List<MessageId> remembered() throws IOException {
    forgetOld();
    List<MessageId> ids = new ArrayList<>();
    for (Path journal : files(journals, "")) {
      ids.addAll(MessageJournal.read(journal).ids());
    }
    return ids;
  }

  /** While Waybill is down nothing is forgotten: what was not acknowledged comes after that. */
  private void forgetOld() throws IOException {
    Map<Path, Instant> written = new HashMap<>();
    for (Path journal : files(journals, "")) {
      written.put(journal, Files.getLastModifiedTime(journal).toInstant());
    }
    Instant last = written.values().stream().max(Comparator.naturalOrder()).orElse(Instant.MIN);
    for (Map.Entry<Path, Instant> journal : written.entrySet()) {
      if (Duration.between(journal.getValue(), last).compareTo(remember) > 0) {
        Files.deleteIfExists(journal.getKey());
      }
    }
  }

  /** How much waits in this folder. */
  long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files(folder, kind)) {
      bytes += size(file);
    }
    return bytes;
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0; // delivered meanwhile
    }
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .sorted(Comparator.comparing(Path::getFileName))
          .toList();
    }
  }
}
