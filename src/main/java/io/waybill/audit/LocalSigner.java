package io.waybill.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * A key of this home: {@code signing.key}, readable for its owner only, and {@code signing.pub},
 * both PEM; made when they are first needed. It proves nothing against whoever can read it.
 * Thread-safe.
 */
public final class LocalSigner implements HeadSigner {
  /** The file with the public key. */
  public static final String PUBLIC = "signing.pub";

  private static final String PRIVATE = "signing.key";
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rw-------");
  private final PrivateKey privateKey;
  private final String publicKey;

  private LocalSigner(PrivateKey privateKey, String publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /**
   * The key of this folder, which is there.
   *
   * @throws SigningException if it is readable for others, or broken, or cannot be made
   */
  public static LocalSigner open(Path folder) throws SigningException {
    Path secret = folder.resolve(PRIVATE);
    try {
      if (Files.notExists(secret)) {
        make(folder);
      }
      requireOwnerOnly(secret);
      PrivateKey key =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new PKCS8EncodedKeySpec(Pem.read(secret)));
      LocalSigner signer = new LocalSigner(key, base64(Pem.read(folder.resolve(PUBLIC))));
      signer.requirePair(folder);
      return signer;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new SigningException(
          "the key that signs the audit trail cannot be read or made in %s (%s)"
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private void requirePair(Path folder) throws SigningException {
    byte[] probe = "probe".getBytes(StandardCharsets.UTF_8);
    if (!Ed25519.verify(publicKey, probe, sign(probe).signature())) {
      throw new SigningException(
          "%s and %s in %s are not a pair; put back the one that was there"
              .formatted(PRIVATE, PUBLIC, folder));
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void requireOwnerOnly(Path secret) throws IOException, SigningException {
    Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(secret));
    others.removeAll(OWNER);
    if (!others.isEmpty()) {
      throw new SigningException(
          "%s can be read by others: chmod 600 %s".formatted(secret, secret));
    }
  }

  /** The secret one comes last: where it is, its public one is. */
  private static void make(Path folder) throws IOException {
    OwnFolder.make(folder);
    KeyPair pair = Ed25519.newPair();
    write(folder.resolve(PUBLIC), "PUBLIC KEY", pair.getPublic().getEncoded());
    write(folder.resolve(PRIVATE), "PRIVATE KEY", pair.getPrivate().getEncoded());
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private static void write(Path file, String label, byte[] key) throws IOException {
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(part, PosixFilePermissions.asFileAttribute(OWNER));
    Files.writeString(
        part, Pem.text(label, key), StandardOpenOption.SYNC, StandardOpenOption.WRITE);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public Signed sign(byte[] statement) throws SigningException {
    try {
      return new Signed("local", publicKey, base64(Ed25519.sign(privateKey, statement)));
    } catch (GeneralSecurityException e) {
      throw new SigningException("the local key does not sign: " + e.getMessage(), e);
    }
  }
}
