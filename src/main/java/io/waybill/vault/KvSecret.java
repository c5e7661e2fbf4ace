package io.waybill.vault;

import io.waybill.secret.CredentialsException;
import io.waybill.secret.Secret;
import java.util.Map;

/**
 * A secret as it was read.
 *
 * @param path path with mount, as a person writes it
 * @param fields its values by name
 */
public record KvSecret(String path, Map<String, Secret> fields) {

  public KvSecret {
    fields = Map.copyOf(fields);
  }

  /**
   * One value.
   *
   * @throws CredentialsException naming the path, if there is none
   */
  public Secret field(String name) {
    Secret found = fields.get(name);
    if (found == null) {
      throw new CredentialsException(
          "the secret %s in Vault has no field %s".formatted(path, name),
          "write it: vault kv put %s %s=...".formatted(path, name));
    }
    return found;
  }
}
