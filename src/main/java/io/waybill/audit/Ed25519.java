package io.waybill.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** Signatures by Ed25519, as the JDK has it. */
public final class Ed25519 {
  /** What X.509 writes before the 32 bytes of such a public key (RFC 8410). */
  private static final byte[] PREFIX = Base64.getDecoder().decode("MCowBQYDK2VwAyEA");

  private static final int RAW = 32;
  private static final String NAME = "Ed25519";

  private Ed25519() {}

  static KeyPair newPair() {
    try {
      return KeyPairGenerator.getInstance(NAME).generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform of ours has Ed25519", e);
    }
  }

  static byte[] sign(PrivateKey key, byte[] statement) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(NAME);
    signature.initSign(key);
    signature.update(statement);
    return signature.sign();
  }

  /**
   * The X.509 form of the 32 bytes that a public key is, both in base64.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static String x509(String rawBase64) {
    byte[] raw = Base64.getDecoder().decode(rawBase64);
    if (raw.length != RAW) {
      throw new IllegalArgumentException("an Ed25519 public key has 32 bytes");
    }
    byte[] key = Arrays.copyOf(PREFIX, PREFIX.length + RAW);
    System.arraycopy(raw, 0, key, PREFIX.length, RAW);
    return Base64.getEncoder().encodeToString(key);
  }

  /** Whether a signature is that of a statement; what is no key or no signature is not. */
  static boolean verify(String publicKey, byte[] statement, String signature) {
    try {
      PublicKey key =
          KeyFactory.getInstance(NAME)
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
      Signature verifier = Signature.getInstance(NAME);
      verifier.initVerify(key);
      verifier.update(statement);
      return verifier.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false; // whatever it is, it does not prove anything
    }
  }
}
