package io.waybill.vault;

import io.waybill.secret.CredentialsException;
import io.waybill.secret.Secret;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Resolves {@code {{hashicorp:engine:secret#field:default@version}}} as Camel documents it, by any
 * login and either version of the engine. Takes the place of Camel's own, which knows one static
 * token. Thread-safe.
 */
public final class HashicorpFunction extends ServiceSupport implements PropertiesFunction {
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?<engine>[^:#]+):(?<secret>[^:#@]+)(?:#(?<field>[^:@]+))?(?::(?<default>[^@]*))?(?:@(?<version>\\d+))?");
  private final Vault vault;
  private final Consumer<String> defaulted;

  /**
   * By this Vault.
   *
   * @param defaulted hears of each placeholder that has a default, without it; may refuse by a
   *     {@link CredentialsException}
   */
  public HashicorpFunction(Vault vault, Consumer<String> defaulted) {
    this.vault = vault;
    this.defaulted = defaulted;
  }

  @Override
  public String getName() {
    return "hashicorp";
  }

  /**
   * The value, as text; of a secret without a field all fields as Camel shows them.
   *
   * @throws CredentialsException naming the path, if there is none and no default
   */
  @Override
  public String apply(String remainder) {
    Matcher reference = REFERENCE.matcher(remainder);
    if (!reference.matches()) {
      throw new CredentialsException(
          "{{hashicorp:...}} names no secret", "write {{hashicorp:ENGINE:SECRET#FIELD}}");
    }
    String path = reference.group("engine") + "/" + reference.group("secret");
    String otherwise = reference.group("default");
    if (otherwise != null) {
      Secret hidden = Secret.of(otherwise); // it stands in for a secret
      defaulted.accept(path);
      try {
        return value(path, reference);
      } catch (CredentialsException e) {
        return hidden.reveal();
      }
    }
    return value(path, reference);
  }

  private String value(String path, Matcher reference) {
    String version = reference.group("version") == null ? "" : reference.group("version");
    KvSecret secret = vault.secret(path, version);
    String field = reference.group("field");
    return field == null
        ? secret.fields().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().reveal())
            .collect(Collectors.joining(", ", "{", "}"))
        : secret.field(field).reveal();
  }
}
