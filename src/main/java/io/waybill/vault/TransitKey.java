package io.waybill.vault;

import io.waybill.secret.CredentialsException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.springframework.vault.support.VaultResponse;

/**
 * An ed25519 key in Vault's transit engine, which signs without leaving Vault. Thread-safe. Source:
 * Vault, Transit secrets engine (API).
 */
public final class TransitKey {
  private final Vault vault;
  private final String mount;
  private final String name;

  /**
   * A key that is there.
   *
   * @param path mount and name, such as {@code transit/waybill-audit}
   */
  public TransitKey(Vault vault, String path) {
    this.vault = vault;
    this.mount = path.substring(0, path.lastIndexOf('/'));
    this.name = path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * A signature.
   *
   * @param key name and version of the key
   * @param publicKey base64 of the 32 bytes of the public key of that version
   * @param signature base64
   */
  public record Signed(String key, String publicKey, String signature) {}

  /**
   * Signs some bytes.
   *
   * @throws CredentialsException if there is no such key, it is of another type, or may not be used
   */
  public Signed sign(byte[] statement) {
    String what = "signature by %s/%s".formatted(mount, name);
    Map<String, String> body = Map.of("input", Base64.getEncoder().encodeToString(statement));
    VaultResponse response =
        vault.asked(what, () -> vault.template().write(mount + "/sign/" + name, body));
    Object text = response == null ? null : response.getRequiredData().get("signature");
    String[] parts = String.valueOf(text).split(":", -1);
    if (parts.length != 3) {
      throw new CredentialsException(
          "Vault gave no " + what, "the key must be of type ed25519: vault read " + path());
    }
    String version = parts[1].substring(1);
    return new Signed("%s/%s:%s".formatted(mount, name, parts[1]), publicKey(version), parts[2]);
  }

  private String publicKey(String version) {
    Map<String, Object> data = vault.read("key " + path(), path());
    if ("ed25519".equals(data.get("type"))
        && data.get("keys") instanceof Map<?, ?> keys
        && keys.get(version) instanceof Map<?, ?> key
        && key.get("public_key") instanceof String text) {
      return text;
    }
    throw new CredentialsException(
        "%s in Vault is no ed25519 key".formatted(path()),
        "vault write -f %s type=ed25519".formatted(path()));
  }

  /** Base64 of the public keys of all its versions. */
  public List<String> publicKeys() {
    Map<String, Object> data = vault.read("key " + path(), path());
    if (data.get("keys") instanceof Map<?, ?> keys) {
      return keys.keySet().stream().map(version -> publicKey(version.toString())).toList();
    }
    return List.of();
  }

  private String path() {
    return mount + "/keys/" + name;
  }
}
