package io.waybill.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.batch.BytesSource.Packing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Bytes of any kind, packed and broken: cut to the same batches each time, or refused as a format.
 * {@code -Dwaybill.test.fuzz=600} does it for ten minutes, {@code -Dwaybill.test.seed} again.
 */
class CutterFuzzTest {
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("waybill.test.fuzz", 3));
  private static final int SIZE = 400;
  private static final String[] PIECES = {
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    ",",
    "\t",
    "{",
    "}",
    "[",
    "]",
    "\\",
    "\\\"",
    ":",
    "null",
    "\0",
    "\ufeff",
    "1",
    "a,b\n",
    "{\"a\":1}\n",
    "ä",
    "\u2028",
    "\\N",
    "x"
  };

  @Test
  void whateverComesIsCutOrRefused() {
    long seed = Long.getLong("waybill.test.seed", new Random().nextLong());
    System.out.println("CutterFuzzTest: seed " + seed);
    Random random = new Random(seed);
    long end = System.nanoTime() + TIME.toNanos();
    int cut = 0;
    int refused = 0;
    while (System.nanoTime() < end) {
      byte[] bytes = bytes(random);
      Format format = any(random, Format.values());
      CutLimits limits =
          new CutLimits(1 + random.nextInt(5), 1 + random.nextInt(60), 1 + random.nextInt(200));
      try {
        assertSameAgain(bytes, format, limits);
        cut++;
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    System.out.printf("CutterFuzzTest: %d cut, %d refused%n", cut, refused);
    assertThat(cut).isPositive();
    assertThat(refused).isPositive();
  }

  private static <T> T any(Random random, T[] all) {
    return all[random.nextInt(all.length)];
  }

  private static byte[] bytes(Random random) {
    StringBuilder text = new StringBuilder();
    for (int size = random.nextInt(SIZE); text.length() < size; ) {
      text.append(any(random, PIECES));
    }
    Packing packing = any(random, Packing.values());
    byte[] bytes =
        BytesSource.packed(text.toString().getBytes(StandardCharsets.UTF_8), packing).stored();
    for (int broken = random.nextInt(4) - 1; broken > 0 && bytes.length > 0; broken--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return random.nextInt(8) == 0
        ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
        : bytes;
  }

  private static void assertSameAgain(byte[] bytes, Format format, CutLimits limits)
      throws IOException {
    List<Batch> batches = Cuts.all(new BytesSource(bytes), format, limits);
    try (Cutter cutter = Cuts.open(new BytesSource(bytes), format, Cuts.WIDE)) {
      long at = -1;
      for (Batch batch : batches) {
        Position position = batch.position();
        assertThat(at < 0 || position.from() == at).as("batches adjoin").isTrue();
        assertThat(position.to()).isGreaterThan(position.from());
        assertThat(position.records()).isPositive();
        at = position.to();
        assertThat(cutter.read(position).digest()).isEqualTo(batch.digest());
      }
    }
  }
}
