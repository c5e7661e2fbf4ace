package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.batch.BytesSource.Packing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredFormTest {
  private static final String TEXT = "1,a\n".repeat(1000);

  @ParameterizedTest
  @EnumSource(Packing.class)
  void every_member_and_frame_is_unpacked(Packing packing) throws IOException {
    BytesSource source = BytesSource.packed(TEXT.getBytes(StandardCharsets.UTF_8), packing);
    assertThat(String.join("", Cuts.texts(Cuts.all(source, Format.CSV, Cuts.rows(300)))))
        .isEqualTo(TEXT);
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "GZIP_MEMBERS", "ZSTD", "ZSTD_FRAMES"})
  void a_truncated_archive_is_never_taken_for_the_end(Packing packing) {
    byte[] whole = packed(packing);
    // four bytes are what the archive is recognised by; frames ending exactly are whole sources
    int second = packing == Packing.ZSTD_FRAMES ? lengthOfHalf(Packing.ZSTD) : -1;
    int secondMember = packing == Packing.GZIP_MEMBERS ? lengthOfHalf(Packing.GZIP) : -1;
    for (int length = 4; length < whole.length; length++) {
      if (length != second && length != secondMember) {
        assertDamaged(Arrays.copyOf(whole, length), "truncated to " + length);
      }
    }
  }

  @Test
  void a_changed_byte_is_damage() {
    byte[] whole = packed(Packing.GZIP_MEMBERS);
    whole[whole.length / 4] ^= 1;
    assertDamaged(whole, "flipped");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u001f\u008b\u0007", "garbage", "\0\0x"})
  void garbage_behind_a_gzip_member_is_damage(String garbage) {
    byte[] whole = packed(Packing.GZIP);
    assertDamaged(joined(whole, garbage), garbage);
  }

  @Test
  void padding_with_zeros_behind_a_gzip_member_is_not() throws IOException {
    BytesSource source = new BytesSource(joined(packed(Packing.GZIP), "\0\0\0"));
    assertThat(Cuts.all(source, Format.CSV, Cuts.WIDE)).hasSize(1);
  }

  @Test
  void optional_parts_of_a_gzip_header_are_passed_over() throws IOException {
    byte[] plain = packed(Packing.GZIP);
    byte[] start = {0x1f, (byte) 0x8b, 8, 4 + 8 + 16 + 2, 0, 0, 0, 0, 0, 0};
    byte[] full = joined(start, "\u0003\0xyzname\0comment\0cc");
    byte[] whole = Arrays.copyOf(full, full.length + plain.length - 10);
    System.arraycopy(plain, 10, whole, full.length, plain.length - 10);
    assertThat(Cuts.all(new BytesSource(whole), Format.CSV, Cuts.WIDE)).hasSize(1);
  }

  @Test
  void a_skippable_frame_in_front_is_zstd_too() throws IOException {
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9};
    byte[] packed = packed(Packing.ZSTD);
    byte[] whole = Arrays.copyOf(skippable, skippable.length + packed.length);
    System.arraycopy(packed, 0, whole, skippable.length, packed.length);
    assertThat(Cuts.all(new BytesSource(whole), Format.CSV, Cuts.WIDE)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "GZIP", "ZSTD"})
  void a_failing_disk_is_not_a_wrong_format(Packing packing) {
    byte[] stored = packed(packing);
    assertThatThrownBy(() -> Cuts.all(failing(stored), Format.CSV, Cuts.rows(10)))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SourceFormatException.class)
        .hasMessage("disk on fire");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00ff\u00fea\0,\0", "\u00fe\u00ff\0a", "a\0,\0b\0"})
  void utf_16_is_refused_with_the_command_that_converts_it(String latin1) {
    assertRefused(latin1, "iconv");
  }

  @Test
  void a_nul_byte_is_refused_with_its_offset() {
    assertRefused("abc\0", "memory/in.txt, byte 3: a NUL byte");
    assertRefused("PK\u0003\u0004\0", "zip archive");
    assertRefused("PAR1\0", "Parquet");
    assertRefused("BZh9\0", "bzip2");
  }

  private static void assertRefused(String latin1, String message) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Cuts.all(new BytesSource(bytes), Format.CSV, Cuts.WIDE))
        .isInstanceOf(SourceFormatException.class)
        .hasMessageContaining(message);
  }

  private static void assertDamaged(byte[] stored, String description) {
    assertThatThrownBy(() -> Cuts.all(new BytesSource(stored), Format.CSV, Cuts.rows(1 << 20)))
        .as(description)
        .isInstanceOf(SourceFormatException.class)
        .hasMessageContaining("memory/in.txt, packed byte ")
        .hasMessageContaining("damaged or cut off");
  }

  private static byte[] packed(Packing packing) {
    return BytesSource.packed(TEXT.getBytes(StandardCharsets.UTF_8), packing).stored();
  }

  private static int lengthOfHalf(Packing packing) {
    byte[] half = TEXT.substring(0, TEXT.length() / 2).getBytes(StandardCharsets.UTF_8);
    return BytesSource.packed(half, packing).stored().length;
  }

  private static byte[] joined(byte[] bytes, String latin1) {
    byte[] more = latin1.getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, whole, bytes.length, more.length);
    return whole;
  }

  private static BatchSource failing(byte[] stored) {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk on fire");
          }

          @Override
          public int read(byte[] target, int from, int length) throws IOException {
            throw new IOException("disk on fire");
          }
        };
    InputStream begin = new ByteArrayInputStream(stored, 0, stored.length / 2);
    BytesSource source = new BytesSource(stored);
    return new BatchSource() {
      @Override
      public String id() {
        return source.id();
      }

      @Override
      public String location() {
        return source.location();
      }

      @Override
      public Stamp stamp() {
        return source.stamp();
      }

      @Override
      public InputStream open() {
        return new SequenceInputStream(Collections.enumeration(Stream.of(begin, broken).toList()));
      }
    };
  }
}
