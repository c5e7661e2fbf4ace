package io.waybill.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Public keys that somebody here vouches for. Immutable. */
public final class TrustedKeys {
  private final Set<String> keys;

  private TrustedKeys(Set<String> keys) {
    this.keys = Set.copyOf(keys);
  }

  /** No key: every signature is one of an unknown key. */
  public static TrustedKeys none() {
    return new TrustedKeys(Set.of());
  }

  /**
   * The keys in these PEM files.
   *
   * @throws IllegalArgumentException if one is no PEM file
   */
  public static TrustedKeys of(List<Path> files) throws IOException {
    TrustedKeys keys = none();
    for (Path file : files) {
      keys = keys.and(Base64.getEncoder().encodeToString(Pem.read(file)));
    }
    return keys;
  }

  /** These and another one, base64 of what X.509 writes. */
  public TrustedKeys and(String x509) {
    Set<String> more = new HashSet<>(keys);
    more.add(x509);
    return new TrustedKeys(more);
  }

  /** Whether this is one of them. */
  boolean has(String publicKey) {
    return keys.contains(publicKey);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** A public key as PEM. */
  public static String pem(String publicKey) {
    return Pem.text("PUBLIC KEY", Base64.getDecoder().decode(publicKey));
  }

  /** The first digits of its SHA-256, for people. */
  public static String fingerprint(String publicKey) {
    return CanonicalJson.sha256(publicKey).substring(0, 16);
  }
}
