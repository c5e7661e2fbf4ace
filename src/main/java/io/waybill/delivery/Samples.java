package io.waybill.delivery;

import io.waybill.batch.Payload;
import java.util.Arrays;

/** The first records of a payload, for asking ClickHouse what they look like. */
final class Samples {
  private Samples() {}

  /**
   * At most so many bytes from the beginning, cut behind the last line end. A quoted line break may
   * be that line end; what is lost of the last record then does not matter for its columns' types.
   */
  static byte[] head(Payload payload, int most) {
    byte[] head = payload.head(most);
    if (head.length == payload.size()) {
      return head;
    }
    int end = head.length;
    while (end > 0 && head[end - 1] != '\n') {
      end--;
    }
    return end == 0 ? head : Arrays.copyOf(head, end);
  }
}
