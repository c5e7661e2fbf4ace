package io.waybill.app;

import io.waybill.batch.DataSize;
import io.waybill.camel.Spool;
import io.waybill.camel.http.HttpLimits;
import io.waybill.schedule.FlowPlan;
import io.waybill.secret.Redaction;
import io.waybill.secret.Secret;
import io.waybill.vault.VaultSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The {@code waybill.*} settings, typed. Immutable. */
public final class WaybillConfig {
  private static final String VAULT = "waybill.vault.";

  /** ClickHouse's place and how to talk to it. */
  public record ClickHouse(
      String url,
      String user,
      Secret password,
      String binary,
      Duration connectTimeout,
      Duration socketTimeout,
      String compression,
      boolean provenance) {
    static ClickHouse of(SettingParser parser) {
      return new ClickHouse(
          parser.url(Setting.CLICKHOUSE_URL),
          parser.text(Setting.CLICKHOUSE_USER),
          Secret.of(parser.text(Setting.CLICKHOUSE_PASSWORD)),
          parser.text(Setting.CLICKHOUSE_BINARY),
          parser.duration(Setting.CLICKHOUSE_CONNECT_TIMEOUT),
          parser.duration(Setting.CLICKHOUSE_SOCKET_TIMEOUT),
          parser.oneOf(Setting.CLICKHOUSE_COMPRESSION, "auto", "lz4", "none"),
          parser.oneOf(Setting.PROVENANCE, "on", "off").equals("on"));
    }

    /** Whether Waybill runs its own server under data/clickhouse. */
    public boolean isOwn() {
      return url.isEmpty();
    }
  }

  /** Pauses and ends of retrying. */
  public record Retry(Duration initialDelay, Duration maxDelay, Duration maxElapsed) {}

  /** Pauses between tries of held flows. */
  public record Hold(Duration probeInitial, Duration probeMax) {}

  /** Whether and at what pace changes of route files are taken. */
  public record Reload(boolean on, Duration quiet, Duration poll) {
    static Reload of(SettingParser parser, boolean production) {
      String on = parser.oneOf(Setting.ROUTES_RELOAD, "auto", "true", "false");
      return new Reload(
          on.equals("auto") ? !production : on.equals("true"),
          parser.duration(Setting.ROUTES_RELOAD_QUIET),
          parser.duration(Setting.ROUTES_RELOAD_POLL));
    }
  }

  /** What cuts and bounds a run. */
  public record Limits(
      Duration onceIdle,
      Duration filesQuiet,
      DataSize maxRecord,
      Duration horizon,
      DataSize deadLetters,
      Duration ledgerKeep,
      long auditBacklog,
      Duration shutdownTimeout) {
    static Limits of(SettingParser parser) {
      return new Limits(
          parser.duration(Setting.ONCE_IDLE),
          parser.duration(Setting.FILES_QUIET),
          parser.size(Setting.BATCH_MAX_RECORD),
          parser.duration(Setting.DEDUPLICATION_HORIZON),
          parser.size(Setting.DEAD_LETTERS_MAX_BYTES),
          parser.duration(Setting.LEDGER_KEEP),
          parser.number(Setting.AUDIT_BACKLOG),
          parser.duration(Setting.SHUTDOWN_TIMEOUT));
    }
  }

  private final ClickHouse clickHouse;
  private final Retry retry;
  private final Hold hold;
  private final Limits limits;
  private final Spool.Limits spool;
  private final HttpLimits http;
  private final Reload reload;
  private final ManagementConfig management;
  private final IdentityConfig identity;
  private final AuditConfig audit;
  private final LineageConfig lineage;
  private final VaultSettings vault;
  private final boolean production;
  private final boolean policyRequired;
  private final Map<String, FlowPlan> flows;
  private final List<ConnectionConfig> connections;
  private final ConnectionConfig ledger;
  private final Map<Setting, String> values;

  private WaybillConfig(
      Map<Setting, String> values,
      SettingParser parser,
      ConnectionConfigs connections,
      FlowConfigs flows,
      Path folder) {
    this.values = values;
    this.flows = flows.plans();
    values.forEach((setting, value) -> hide(setting, value));
    this.production = parser.oneOf(Setting.PROFILE, "dev", "prod").equals("prod");
    this.policyRequired = parser.oneOf(Setting.POLICY, "auto", "required").equals("required");
    this.reload = Reload.of(parser, production);
    this.vault = vault(parser);
    this.management = ManagementConfig.of(parser, folder);
    this.identity = IdentityConfig.of(parser, folder);
    this.audit = AuditConfig.of(parser);
    this.lineage = LineageConfig.of(parser, folder);
    parser.oneOf(Setting.LOG_LEVEL, "info", "debug", "trace");
    parser.oneOf(Setting.LOG_FORMAT, "text", "json");
    var unused = parser.url(Setting.TRACES_ENDPOINT);
    this.connections = connections.all(values);
    this.ledger = connections.ledger(values);
    this.clickHouse = ClickHouse.of(parser);
    this.retry =
        new Retry(
            parser.duration(Setting.RETRY_INITIAL_DELAY),
            parser.duration(Setting.RETRY_MAX_DELAY),
            parser.duration(Setting.RETRY_MAX_ELAPSED));
    this.hold =
        new Hold(
            parser.duration(Setting.HOLD_PROBE_INITIAL), parser.duration(Setting.HOLD_PROBE_MAX));
    this.limits = Limits.of(parser);
    this.spool =
        new Spool.Limits(
            parser.size(Setting.SPOOL_MAX_BYTES).bytes(), parser.duration(Setting.SPOOL_REMEMBER));
    this.http =
        new HttpLimits(
            parser.text(Setting.HTTP_HOST),
            parser.number(Setting.HTTP_PORT, 1, 65_535),
            parser.size(Setting.HTTP_MAX_BODY).bytes(),
            parser.size(Setting.HTTP_MAX_MEMORY).bytes(),
            parser.number(Setting.HTTP_MAX_REQUESTS, 1, 1_000_000),
            parser.duration(Setting.HTTP_BODY_TIMEOUT));
  }

  /**
   * Reads the file, then the environment over it.
   *
   * @throws ConfigurationException with all that is wrong
   */
  public static WaybillConfig load(Path file, Map<String, String> environment) {
    SettingsFile settings = new SettingsFile(file.getFileName().toString());
    settings.read(file);
    settings.read(environment);
    WaybillConfig config =
        new WaybillConfig(
            settings.values(),
            settings.parser(),
            settings.connections(),
            settings.flows(),
            file.toAbsolutePath().getParent());
    if (!settings.problems().isEmpty()) {
      throw new ConfigurationException(settings.problems());
    }
    return config;
  }

  /** ClickHouse's place and how to talk to it. */
  public ClickHouse clickHouse() {
    return clickHouse;
  }

  /** Pauses and ends of retrying. */
  public Retry retry() {
    return retry;
  }

  /** Pauses between tries of held flows. */
  public Hold hold() {
    return hold;
  }

  /** What cuts and bounds a run. */
  public Limits limits() {
    return limits;
  }

  /** Bounds of messages that are collected. */
  public Spool.Limits spool() {
    return spool;
  }

  /** Where HTTP requests are taken, and how much of them. */
  public HttpLimits http() {
    return http;
  }

  /** How people and programs say who they are. */
  public IdentityConfig identity() {
    return identity;
  }

  /** Where the management port is. */
  public ManagementConfig management() {
    return management;
  }

  /** What becomes of the audit trail. */
  public AuditConfig audit() {
    return audit;
  }

  /** Where OpenLineage events go. */
  public LineageConfig lineage() {
    return lineage;
  }

  /** Every setting with what holds; what is secret is empty. */
  Map<Setting, String> shown() {
    Map<Setting, String> shown = new EnumMap<>(Setting.class);
    values.forEach((setting, value) -> shown.put(setting, setting.isSecret() ? "" : value));
    return shown;
  }

  /** Whether something is said of a secret setting. */
  boolean hasSecret(Setting setting) {
    return setting.isSecret() && !values.get(setting).isEmpty();
  }

  /** Whether and at what pace changes of route files are taken. */
  public Reload reload() {
    return reload;
  }

  /** The value of each key as text, for placeholders in routes; secrets are left out. */
  public Map<String, String> asProperties() {
    Map<String, String> properties = new TreeMap<>();
    values.forEach(
        (setting, value) -> {
          if (!setting.isSecret()) {
            properties.put(setting.key(), value);
          }
        });
    // Camel reads the delays of an onException as plain milliseconds, without units
    properties.put(
        Setting.RETRY_INITIAL_DELAY.key(), Long.toString(retry.initialDelay().toMillis()));
    properties.put(Setting.RETRY_MAX_DELAY.key(), Long.toString(retry.maxDelay().toMillis()));
    return properties;
  }

  private static void hide(Setting setting, String value) {
    if (setting.isSecret() && !value.startsWith("{{")) {
      Redaction.hide(value);
    }
  }

  private static VaultSettings vault(SettingParser parser) {
    Map<String, String> vault = new TreeMap<>();
    for (Setting setting : Setting.values()) {
      if (setting.key().startsWith(VAULT)) {
        vault.put(setting.key().substring(VAULT.length()), parser.text(setting));
      }
    }
    parser.oneOf(Setting.VAULT_AUTH, "token", "approle", "jwt", "oidc", "aws-iam", "kubernetes");
    parser.oneOf(Setting.VAULT_SECRET_ID_WRAPPED, "true", "false");
    return new VaultSettings(vault, parser.duration(Setting.VAULT_POLL));
  }

  /** Where Vault is and how to log in. */
  public VaultSettings vault() {
    return vault;
  }

  /** How much is logged: info, debug or trace. */
  public String logLevel() {
    return values.get(Setting.LOG_LEVEL);
  }

  /** How flows are to be started, of those of which something is said. */
  Map<String, FlowPlan> flows() {
    return flows;
  }

  /** How a flow is to be started. */
  FlowPlan flow(String name) {
    return flows.getOrDefault(name, FlowPlan.NONE);
  }

  /** Where spans are sent; empty if the settings do not say. */
  public String tracesEndpoint() {
    return values.get(Setting.TRACES_ENDPOINT).replaceFirst("/$", "");
  }

  /** Whether log lines are JSON objects. */
  public boolean logsJson() {
    return values.get(Setting.LOG_FORMAT).equals("json");
  }

  /** Whether nothing starts without a policy. */
  public boolean isPolicyRequired() {
    return policyRequired;
  }

  /** Whether secrets in plain text are refused. */
  public boolean isProduction() {
    return production;
  }

  /** The named connections, the default one among them. */
  List<ConnectionConfig> connections() {
    return connections;
  }

  ConnectionConfig connection(String name) {
    return connections.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  /** Where the ledger is; without a URL in the home's own file. */
  ConnectionConfig ledger() {
    return ledger;
  }

  /** Whether the ledger is in PostgreSQL, where several processes may share it. */
  public boolean isLedgerShared() {
    return !ledger.url().isEmpty();
  }

  /** Name of this host in ledger and audit trail; empty for its own. */
  public String ledgerHost() {
    return values.getOrDefault(Setting.LEDGER_HOST, "");
  }
}
