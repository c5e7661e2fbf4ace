package io.waybill.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.delivery.DeliveryStoppedException;
import io.waybill.delivery.HeldDeliveryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on disk of collected messages, also after a crash in the middle of it. */
final class MessageStreamTest {
  private static final Duration LONG = Duration.ofHours(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  @TempDir Path folder;

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private MessageStream open() throws IOException {
    return open(LONG);
  }

  private MessageStream open(Duration remember) throws IOException {
    return new MessageStream(
        new MessageSpool(folder, true, remember, Clock.systemUTC()),
        new MessageStream.Rolling(LONG, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
        Clock.systemUTC(),
        () -> {},
        threads);
  }

  private static boolean add(MessageStream stream, String id, String row) {
    return stream
        .add((row + "\n").getBytes(StandardCharsets.UTF_8), Optional.of(id).map(MessageId::of))
        .join()
        .duplicate();
  }

  private List<Path> files(String suffix) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  private Path journal() throws IOException {
    try (var files = Files.list(folder.resolve("ids"))) {
      return files.sorted().toList().get(0);
    }
  }

  /** What is to be delivered after a new start. */
  private String delivered() throws IOException {
    open().close();
    StringBuilder rows = new StringBuilder();
    for (Path file : files(".rows")) {
      rows.append(Files.readString(file));
    }
    return rows.toString();
  }

  @Test
  void whatWasStoredIsLeftForTheNextStart() throws IOException {
    try (MessageStream stream = open()) {
      assertThat(add(stream, "a", "1")).isFalse();
      assertThat(add(stream, "b", "2")).isFalse();
    }
    assertThat(files(".rows")).isEmpty();
    assertThat(delivered()).isEqualTo("1\n2\n");
    assertThat(files(".open")).isEmpty();
  }

  @Test
  void aMessageThatComesAgainIsDroppedAlsoAfterARestart() throws IOException {
    try (MessageStream stream = open()) {
      add(stream, "a", "1");
      assertThat(add(stream, "a", "1")).isTrue();
    }
    try (MessageStream stream = open()) {
      assertThat(add(stream, "a", "1")).isTrue();
      assertThat(add(stream, "b", "2")).isFalse();
    }
    assertThat(delivered()).isEqualTo("1\n2\n");
  }

  @Test
  void anIdIsForgottenAfterItsTimeWhichDoesNotRunWhileNothingDoes() throws IOException {
    Duration minute = Duration.ofMinutes(1);
    try (MessageStream stream = open(minute)) {
      add(stream, "a", "1");
    }
    Files.setLastModifiedTime(journal(), FileTime.from(Clock.systemUTC().instant().minus(LONG)));
    try (MessageStream stream = open(minute)) {
      assertThat(add(stream, "a", "1")).isTrue();
      add(stream, "b", "2");
    }
    try (MessageStream stream = open(minute)) {
      assertThat(add(stream, "a", "1")).isFalse();
      assertThat(add(stream, "b", "2")).isTrue();
    }
  }

  @Test
  void whatTheJournalDoesNotCoverIsCutOff() throws IOException {
    try (MessageStream stream = open()) {
      add(stream, "a", "1");
    }
    Files.writeString(files(".open").get(0), "torn", StandardOpenOption.APPEND);
    String line =
        new String(MessageJournal.line(6, 0, List.of(MessageId.of("b"))), StandardCharsets.UTF_8);
    Files.writeString(journal(), line.substring(0, line.length() - 3), StandardOpenOption.APPEND);
    try (MessageStream stream = open()) {
      assertThat(add(stream, "b", "2")).isFalse();
    }
    assertThat(delivered()).isEqualTo("1\n2\n");
  }

  @Test
  void aLineWhoseRowsDidNotComeToDiskCoversNothing() throws IOException {
    try (MessageStream stream = open()) {
      add(stream, "a", "1");
    }
    Files.writeString(files(".open").get(0), "\0\0", StandardOpenOption.APPEND);
    CRC32 sum = new CRC32();
    sum.update("2\n".getBytes(StandardCharsets.UTF_8));
    String line =
        new String(
            MessageJournal.line(4, sum.getValue(), List.of(MessageId.of("b"))),
            StandardCharsets.UTF_8);
    Files.writeString(journal(), line, StandardOpenOption.APPEND);
    assertThat(delivered()).isEqualTo("1\n");
  }

  @Test
  void aMessageThatCannotBeStoredIsRefusedAndTakenLater() throws IOException {
    try (MessageStream stream = open()) {
      Path journals = folder.resolve("ids");
      Files.delete(journals);
      Files.createFile(journals);
      assertThatThrownBy(() -> add(stream, "a", "1"))
          .hasCauseInstanceOf(HeldDeliveryException.class)
          .hasMessageContaining("cannot be stored");
      Files.delete(journals);
      Files.createDirectory(journals);
      assertThat(add(stream, "a", "1")).isFalse();
    }
    assertThat(delivered()).isEqualTo("1\n");
  }

  @Test
  void whatWasNeverCompleteLeavesNothing() throws IOException {
    try (MessageStream stream = open()) {
      add(stream, "a", "1");
    }
    Files.writeString(journal(), "2 00 00\n");
    assertThat(delivered()).isEmpty();
    assertThat(files("")).singleElement().asString().endsWith("ids");
  }

  @Test
  void manyAtATimeAreEachStoredOnce() throws IOException {
    List<CompletableFuture<MessageStream.Stored>> stored = new ArrayList<>();
    try (MessageStream stream = open()) {
      for (int i = 0; i < 5000; i++) {
        String id = Integer.toString(i % 4000);
        stored.add(
            stream.add(
                (id + "\n").getBytes(StandardCharsets.UTF_8), Optional.of(MessageId.of(id))));
      }
      stored.forEach(CompletableFuture::join);
      assertThat(stored.get(0).join().delivered()).isNotDone();
    }
    assertThat(stored.stream().filter(each -> each.join().duplicate())).hasSize(1000);
    assertThat(delivered().lines()).hasSize(4000).doesNotHaveDuplicates();
  }

  @Test
  void afterTheEndNothingIsTaken() throws IOException {
    MessageStream stream = open();
    stream.close();
    assertThatThrownBy(() -> add(stream, "a", "1"))
        .hasCauseInstanceOf(DeliveryStoppedException.class);
  }
}
