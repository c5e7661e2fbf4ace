package io.waybill.app;

import io.waybill.audit.Ed25519;
import io.waybill.audit.HeadSigner;
import io.waybill.audit.LocalSigner;
import io.waybill.audit.SigningException;
import io.waybill.audit.TrustedKeys;
import io.waybill.secret.CredentialsException;
import io.waybill.vault.TransitKey;
import io.waybill.vault.Vault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys of a home that sign the trail, and those that verify it. */
final class AuditKeys {
  private AuditKeys() {}

  /**
   * The key that the settings name; empty if nothing is to be signed. One in Vault is asked for
   * when it signs.
   *
   * @throws ConfigurationException if it is in a Vault that is not configured, or cannot be read
   */
  static Optional<HeadSigner> signer(AuditConfig config, Path folder, Optional<Vault> vault) {
    return switch (config.sign()) {
      case OFF -> Optional.empty();
      case LOCAL -> Optional.of(local(folder));
      case VAULT_TRANSIT -> Optional.of(transit(config, vault));
    };
  }

  private static HeadSigner local(Path folder) {
    try {
      return LocalSigner.open(folder);
    } catch (SigningException e) {
      throw new ConfigurationException(List.of(e.getMessage()));
    }
  }

  private static HeadSigner transit(AuditConfig config, Optional<Vault> vault) {
    TransitKey key = new TransitKey(required(vault), config.vaultKey());
    return statement -> {
      try {
        TransitKey.Signed signed = key.sign(statement);
        return new HeadSigner.Signed(
            signed.key(), Ed25519.x509(signed.publicKey()), signed.signature());
      } catch (CredentialsException e) {
        throw new SigningException(e.getMessage() + "; " + e.remedy(), e);
      }
    };
  }

  private static Vault required(Optional<Vault> vault) {
    return vault.orElseThrow(
        () ->
            new ConfigurationException(
                List.of(
                    "waybill.audit.sign=vault-transit needs Vault, and waybill.vault.address is not set")));
  }

  /**
   * The keys that are trusted: public keys in the folder of the trail, those in Vault if that
   * signs, and others that a person gives.
   *
   * @throws CredentialsException if Vault does not say which they are
   */
  static TrustedKeys trusted(
      AuditConfig config, Path folder, Optional<Vault> vault, List<Path> given) throws IOException {
    List<Path> files = new ArrayList<>(given);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(file -> file.toString().endsWith(".pub")).forEach(files::add);
      }
    }
    TrustedKeys keys = TrustedKeys.of(files);
    if (config.sign() == AuditConfig.Sign.VAULT_TRANSIT) {
      for (String raw : new TransitKey(required(vault), config.vaultKey()).publicKeys()) {
        keys = keys.and(Ed25519.x509(raw));
      }
    }
    return keys;
  }
}
