package io.waybill.delivery;

import io.waybill.batch.Batch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Deduplication tokens. Computed once, when a batch is planned; later only read from the plan. */
final class Tokens {
  private Tokens() {}

  /**
   * Hex SHA-256 over flow, target, format, source, position, digest and generation. The same
   * content at the same place of the same source has the same token even from an empty ledger, and
   * another generation has another one.
   */
  static String of(Unit unit, Batch batch) {
    List<String> parts =
        List.of(
            unit.flow(),
            unit.target().toString(),
            unit.format().clickHouseName(),
            unit.sourceId(),
            Long.toString(batch.position().from()),
            Long.toString(batch.position().to()),
            batch.digest(),
            Integer.toString(unit.generation()));
    return hash(parts);
  }

  static String hash(List<String> parts) {
    MessageDigest sha256 = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      // the length in front keeps "a" + "bc" apart from "ab" + "c"
      sha256.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      sha256.update(bytes);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
