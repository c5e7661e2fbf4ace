package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PayloadTest {

  @Property(tries = 300)
  void every_way_of_reading_gives_the_same_bytes(
      @ForAll @Size(max = 60) byte[] bytes, @ForAll @IntRange(min = 1, max = 20) int piece)
      throws IOException {
    Payload payload = pooled(bytes, new SegmentPool(0, 7));

    assertThat(payload.size()).isEqualTo(bytes.length);
    assertThat(payload.toByteArray()).isEqualTo(bytes);
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    payload.writeTo(written);
    assertThat(written.toByteArray()).isEqualTo(bytes);
    InputStream stream = payload.openStream();
    byte[] first = stream.readNBytes(piece);
    assertThat(first).isEqualTo(payload.head(piece));
    assertThat(stream.available()).isEqualTo(bytes.length - first.length);
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    rest.writeBytes(first);
    stream.transferTo(rest);
    assertThat(rest.toByteArray()).isEqualTo(bytes);
    assertThat(stream.read()).isEqualTo(-1);
    InputStream skipped = payload.openStream();
    assertThat(skipped.skip(piece)).isEqualTo(first.length);
    assertThat(skipped.readAllBytes()).hasSize(bytes.length - first.length);
  }

  @Test
  void a_payload_of_an_array_reads_like_any_other() throws IOException {
    Payload payload = Payload.of("abc".getBytes(StandardCharsets.UTF_8));
    assertThat(payload.openStream()).hasContent("abc");
    assertThat(payload.openStream()).hasContent("abc");
    assertThat(payload.head(2)).asString().isEqualTo("ab");
    assertThat(Payload.of(new byte[0]).openStream().read()).isEqualTo(-1);
  }

  @Test
  void use_after_the_release_is_an_error() throws IOException {
    Payload payload = pooled(new byte[10], new SegmentPool());
    InputStream stream = payload.openStream();
    stream.read();
    payload.release();

    assertThatThrownBy(stream::read).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(payload::toByteArray)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("released");
    assertThatThrownBy(payload::openStream).isInstanceOf(IllegalStateException.class);
    assertThat(payload.size()).isEqualTo(10);
  }

  @Test
  void a_second_release_gives_nothing_back_twice() {
    SegmentPool pool = new SegmentPool(1 << 10, 8);
    Payload payload = pooled(new byte[20], pool);
    payload.release();
    payload.release();
    assertThat(pool.kept()).isEqualTo(3);
  }

  @Test
  void the_pool_keeps_no_more_than_it_may() {
    SegmentPool pool = new SegmentPool(16, 8);
    pooled(new byte[100], pool).release();
    assertThat(pool.kept()).isEqualTo(2);
  }

  @Test
  void a_builder_that_is_given_up_gives_its_segments_back() {
    SegmentPool pool = new SegmentPool(1 << 10, 8);
    try (PayloadBuilder builder = new PayloadBuilder(pool)) {
      builder.append(new byte[20], 0, 20);
    }
    assertThat(pool.kept()).isEqualTo(3);
  }

  private static Payload pooled(byte[] bytes, SegmentPool pool) {
    try (PayloadBuilder builder = new PayloadBuilder(pool)) {
      builder.append(bytes, 0, bytes.length);
      return builder.build();
    }
  }
}
