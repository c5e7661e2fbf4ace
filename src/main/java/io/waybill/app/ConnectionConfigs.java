package io.waybill.app;

import io.waybill.secret.Redaction;
import io.waybill.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Gathers {@code waybill.connections.NAME.KEY} from file and environment. */
final class ConnectionConfigs {
  private static final Pattern KEY =
      Pattern.compile("waybill\\.connections\\.([A-Za-z][A-Za-z0-9_]*)\\.(.+)");
  private final String file;
  private final List<String> problems;
  private final NamedKeys given;

  ConnectionConfigs(String file, List<String> problems) {
    this.file = file;
    this.problems = problems;
    this.given = new NamedKeys("a connection", KEY, ConnectionConfig.KEYS, file, problems);
  }

  /** Whether this key is one of a connection. */
  boolean take(String key, String value) {
    return given.take(key, value);
  }

  /** What the environment says of connections that the file names, wins. */
  void take(Map<String, String> environment) {
    given.forEach(
        (name, values) -> {
          for (String key : ConnectionConfig.KEYS) {
            String variable =
                ("WAYBILL_CONNECTIONS_" + name + "_" + key.replace('-', '_'))
                    .toUpperCase(Locale.ROOT);
            if (environment.containsKey(variable)) {
              values.put(key, environment.get(variable).strip());
            }
          }
        });
  }

  /** All of them; what is not said of the default one is taken from {@code waybill.clickhouse}. */
  List<ConnectionConfig> all(Map<Setting, String> settings) {
    Map<String, String> byDefault = given.of(Connections.DEFAULT);
    byDefault.putIfAbsent("url", settings.get(Setting.CLICKHOUSE_URL));
    byDefault.putIfAbsent("user", settings.get(Setting.CLICKHOUSE_USER));
    byDefault.putIfAbsent("password", settings.get(Setting.CLICKHOUSE_PASSWORD));
    byDefault.putIfAbsent("vault-kv", settings.get(Setting.CLICKHOUSE_VAULT_KV));
    byDefault.putIfAbsent("vault-lease", settings.get(Setting.CLICKHOUSE_VAULT_LEASE));
    List<ConnectionConfig> all = new ArrayList<>();
    given.forEach((name, values) -> all.add(connection(name, values)));
    return all;
  }

  /** The one of the ledger, which routes do not see. */
  ConnectionConfig ledger(Map<Setting, String> settings) {
    ConnectionConfig ledger =
        new ConnectionConfig(
            "ledger",
            settings.get(Setting.LEDGER_URL),
            settings.get(Setting.LEDGER_USER),
            Secret.of(settings.get(Setting.LEDGER_PASSWORD)),
            settings.get(Setting.LEDGER_VAULT_KV),
            settings.get(Setting.LEDGER_VAULT_LEASE));
    if (!ledger.url().matches("(jdbc:postgresql:.+)?")) {
      problems.add("waybill.ledger.url must look like jdbc:postgresql://host/database");
    }
    if (hasIdentity(ledger.url())) {
      problems.add(
          "waybill.ledger.url must not have a user or password in it; set waybill.ledger.user and"
              + " waybill.ledger.password");
    }
    if (!ledger.vaultKv().isEmpty() && !ledger.vaultLease().isEmpty()) {
      problems.add("waybill.ledger has both vault-kv and vault-lease");
    }
    return ledger;
  }

  private static boolean hasIdentity(String url) {
    boolean found = url.matches("(?i).*([?&;](user|password)=|//[^/]*@).*");
    if (found) {
      Redaction.hide(url);
    }
    return found;
  }

  private ConnectionConfig connection(String name, Map<String, String> values) {
    String url = values.getOrDefault("url", "").replaceFirst("/$", "");
    if (!url.matches("(https?://[^/@\\s]+|jdbc:.+)?")) {
      problem(name, "url must look like http://host:8123 or jdbc:...");
    }
    if (hasIdentity(url)) {
      problem(name, "url must not have a user or password in it; set user and password");
    }
    if (url.isEmpty() && !name.equals(Connections.DEFAULT)) {
      problem(name, "has no url");
    }
    if (!values.getOrDefault("vault-kv", "").isEmpty()
        && !values.getOrDefault("vault-lease", "").isEmpty()) {
      problem(name, "has both vault-kv and vault-lease");
    }
    String password = values.getOrDefault("password", "");
    return new ConnectionConfig(
        name,
        url,
        values.getOrDefault("user", name.equals(Connections.DEFAULT) ? "default" : ""),
        Secret.of(password),
        values.getOrDefault("vault-kv", ""),
        values.getOrDefault("vault-lease", ""));
  }

  private void problem(String name, String what) {
    problems.add("%s: waybill.connections.%s: %s".formatted(file, name, what));
  }
}
