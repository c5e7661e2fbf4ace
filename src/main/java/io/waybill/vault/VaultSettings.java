package io.waybill.vault;

import io.waybill.secret.CredentialsException;
import io.waybill.secret.Redaction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code waybill.vault.*} settings. Immutable.
 *
 * @param values by key without the prefix; what is not said is there as an empty text
 * @param poll how often secrets are looked at
 */
public record VaultSettings(Map<String, String> values, Duration poll) {
  private static final String PREFIX = "waybill.vault.";

  public VaultSettings {
    values = Map.copyOf(values);
  }

  /** Whether there is a Vault at all. */
  public boolean isConfigured() {
    return !text("address").isEmpty();
  }

  /** The way to log in. */
  String auth() {
    return text("auth", "token");
  }

  String text(String key) {
    return values.getOrDefault(key, "");
  }

  String text(String key, String otherwise) {
    return text(key).isEmpty() ? otherwise : text(key);
  }

  Optional<Path> file(String key) {
    return Optional.of(text(key)).filter(path -> !path.isEmpty()).map(Path::of);
  }

  String required(String key) {
    if (text(key).isEmpty()) {
      throw new CredentialsException(
          "waybill.vault.auth=%s needs %s%s".formatted(auth(), PREFIX, key), "set " + PREFIX + key);
    }
    return text(key);
  }

  /** A secret that is given as text or, better, as a file that only its owner can read. */
  String secret(String key) {
    Optional<Path> file = file(key + "-file");
    String secret = file.isPresent() ? SecretFile.read(file.get()) : required(key);
    Redaction.hide(secret);
    return secret;
  }
}
