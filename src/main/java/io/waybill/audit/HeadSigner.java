package io.waybill.audit;

/** Port: a key that signs how far a chain is. Thread-safe. */
@FunctionalInterface
public interface HeadSigner {

  /**
   * Signs some bytes.
   *
   * @throws SigningException if the key cannot be used now
   */
  Signed sign(byte[] statement) throws SigningException;

  /**
   * A signature.
   *
   * @param key name of the key, for people
   * @param publicKey base64 of the Ed25519 public key that verifies it, as X.509 writes it
   * @param signature base64
   */
  record Signed(String key, String publicKey, String signature) {}
}
