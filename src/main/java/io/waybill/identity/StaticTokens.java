package io.waybill.identity;

import io.waybill.policy.Identity;
import io.waybill.secret.Secret;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/** Tokens that somebody was given, by the names of their holders. Thread-safe. */
public final class StaticTokens {
  /** Shorter ones are guessed. */
  public static final int SHORTEST = 16;

  private StaticTokens() {}

  /** Whether two texts are the same, told in a time that does not depend on where they differ. */
  static boolean isSame(String a, String b) {
    return MessageDigest.isEqual(RandomText.sha256(a), RandomText.sha256(b));
  }

  /**
   * Whose token it is, told in a time that does not depend on the token; short ones are nobody's.
   */
  public static Optional<Identity> holder(Map<String, Secret> tokens, String token) {
    byte[] given = RandomText.sha256(token);
    Optional<Identity> found = Optional.empty();
    for (Map.Entry<String, Secret> each : tokens.entrySet()) {
      String own = each.getValue().reveal();
      if (MessageDigest.isEqual(RandomText.sha256(own), given) && own.length() >= SHORTEST) {
        found = Optional.of(Identity.token(each.getKey()));
      }
    }
    return found;
  }
}
