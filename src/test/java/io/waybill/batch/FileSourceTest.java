package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
  @TempDir private Path folder;

  @Test
  void a_file_is_stamped_with_size_and_nanoseconds() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "a,b\n");
    Instant changed = Instant.parse("2024-05-06T07:08:09.123456789Z");
    Files.setLastModifiedTime(file, FileTime.from(changed));

    BatchSource source = new FileSource(file, "in/a.csv");

    assertThat(source.id()).isEqualTo("in/a.csv");
    assertThat(source.location()).isEqualTo(file.toString());
    assertThat(source.stamp())
        .isEqualTo(new BatchSource.Stamp(4, FileTime.from(changed).to(TimeUnit.NANOSECONDS)));
    try (var in = source.open()) {
      assertThat(in).hasContent("a,b\n");
    }
  }

  @Test
  void a_missing_file_is_named() {
    BatchSource source = new FileSource(folder.resolve("gone.csv"), "gone.csv");
    assertThatThrownBy(source::open)
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("gone.csv")
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(source::stamp).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void a_directory_is_not_a_file() {
    assertThatThrownBy(new FileSource(folder, "x")::open)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is a directory, not a file");
  }

  @Test
  void a_file_is_cut_again_from_any_batch_on_without_reading_what_lies_before() throws IOException {
    StringBuilder text = new StringBuilder("n,word\n");
    for (int i = 0; i < 200_000; i++) {
      text.append(i).append(",some words\n");
    }
    Path file = Files.writeString(folder.resolve("big.csv"), text);
    BatchSource source = new FileSource(file, "big.csv");
    SegmentPool pool = new SegmentPool();
    List<Batch> whole;
    try (Cutter cutter = Cutter.open(source, Format.CSV_WITH_NAMES, Cuts.rows(30_000), pool)) {
      whole = Cuts.rest(cutter, true);
      assertThat(cutter.fractionRead()).isEqualTo(1.0);
    }
    assertThat(whole).hasSize(7);
    Position fifth = whole.get(5).position();
    try (Cutter cutter = Cutter.open(source, Format.CSV_WITH_NAMES, Cuts.rows(30_000), pool)) {
      cutter.skipTo(fifth.from(), fifth.firstRecord());
      assertThat(cutter.next(true).digest()).isEqualTo(whole.get(5).digest());
      assertThat(cutter.next(true).digest()).isEqualTo(whole.get(6).digest());
      assertThat(cutter.next(true)).isNull();
    }
    try (Cutter cutter = Cutter.open(source, Format.CSV_WITH_NAMES, Cuts.WIDE, pool)) {
      cutter.skipTo(text.length() + 10_000, 1);
      assertThat(cutter.next(true)).isNull();
    }
  }
}
