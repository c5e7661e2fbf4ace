package io.waybill.app;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every {@code waybill.*} key with its default and meaning; {@code docs/operations.md} is checked
 * against it. Each can come from the environment: upper case, underscores for dots and dashes.
 */
public enum Setting {
  CLICKHOUSE_URL(
      "waybill.clickhouse.url", "", "ClickHouse's HTTP address; empty: the embedded ClickHouse"),
  CLICKHOUSE_USER("waybill.clickhouse.user", "default", "user at that address"),
  CLICKHOUSE_PASSWORD("waybill.clickhouse.password", "", "its password"),
  CLICKHOUSE_VAULT_KV(
      "waybill.clickhouse.vault-kv",
      "",
      "secret in Vault with the fields username and password, instead of the two above"),
  CLICKHOUSE_VAULT_LEASE(
      "waybill.clickhouse.vault-lease",
      "",
      "path in Vault that makes user and password, such as database/creds/loader"),
  CLICKHOUSE_BINARY(
      "waybill.clickhouse.binary",
      "",
      "a clickhouse binary to run under data/clickhouse instead of the embedded library"),
  CLICKHOUSE_CONNECT_TIMEOUT(
      "waybill.clickhouse.connect-timeout", "5s", "how long connecting may take"),
  CLICKHOUSE_SOCKET_TIMEOUT(
      "waybill.clickhouse.socket-timeout",
      "5m",
      "how long an answer may take before its outcome counts as unknown"),
  CLICKHOUSE_COMPRESSION(
      "waybill.clickhouse.compression",
      "auto",
      "of what is sent: lz4, none, or auto (none to this machine, else lz4)"),
  PROVENANCE(
      "waybill.provenance",
      "on",
      "whether tables get and must have the column _waybill_batch; off leaves a gap that"
          + " docs/guarantee.md describes"),
  RETRY_INITIAL_DELAY(
      "waybill.retry.initial-delay", "500ms", "pause before the first retry; doubles each time"),
  RETRY_MAX_DELAY("waybill.retry.max-delay", "30s", "longest pause between retries"),
  RETRY_MAX_ELAPSED(
      "waybill.retry.max-elapsed", "10m", "how long a batch is retried before its flow is held"),
  HOLD_PROBE_INITIAL(
      "waybill.hold.probe-initial", "5s", "pause before a held flow is tried again; doubles"),
  HOLD_PROBE_MAX("waybill.hold.probe-max", "5m", "longest pause between such tries"),
  ONCE_IDLE(
      "waybill.once.idle", "5s", "with --once: how long sources that push must have been silent"),
  FILES_QUIET(
      "waybill.files.quiet",
      "1s",
      "how long a file must have been left alone before a last record without line end counts"),
  BATCH_MAX_RECORD(
      "waybill.batch.max-record", "64MB", "longest record; a longer one is an unclosed quote"),
  DEDUPLICATION_HORIZON(
      "waybill.deduplication.horizon",
      "7d",
      "how long the tables' windows surely remember a batch in doubt"),
  DEAD_LETTERS_MAX_BYTES(
      "waybill.dead-letters.max-bytes",
      "1GB",
      "how much data/dead-letters may hold; beyond it the flow is held"),
  SPOOL_MAX_BYTES(
      "waybill.spool.max-bytes",
      "4GB",
      "how much of one flow's messages may wait in data/spool; beyond it the flow is held"),
  SPOOL_REMEMBER(
      "waybill.spool.remember",
      "1h",
      "how long a message is dropped that comes again under its id; at most 200000 messages"),
  HTTP_HOST("waybill.http.host", "127.0.0.1", "address that platform-http: listens at"),
  HTTP_PORT("waybill.http.port", "8080", "its port"),
  HTTP_MAX_BODY("waybill.http.max-body", "16MB", "most bytes of one HTTP request, unpacked"),
  HTTP_MAX_MEMORY(
      "waybill.http.max-memory",
      "64MB",
      "most bytes of all HTTP requests of one flow that are not answered yet"),
  HTTP_MAX_REQUESTS(
      "waybill.http.max-requests",
      "1000",
      "most HTTP requests of one flow that are not answered yet"),
  HTTP_BODY_TIMEOUT(
      "waybill.http.body-timeout", "30s", "how long the body of an HTTP request may take to come"),
  MANAGEMENT_HOST(
      "waybill.management.host", "127.0.0.1", "address that the management port listens at"),
  MANAGEMENT_PORT(
      "waybill.management.port",
      "8088",
      "port of dashboard and API; 0 for a free one, off for none. If it is not set, a free one is"
          + " taken when 8088 is not"),
  MANAGEMENT_TOKEN_FILE(
      "waybill.management.token-file",
      "",
      "file with the token that requests must bring; needed to listen at other addresses than this"
          + " machine's own"),
  MANAGEMENT_TOKEN_NAME(
      "waybill.management.token-name",
      "token",
      "whom that token names in policy, ledger and audit trail"),
  MANAGEMENT_PUBLIC_URL(
      "waybill.management.public-url",
      "",
      "how browsers reach the dashboard, https://host/, if a proxy stands before it; people who log"
          + " in come back to it"),
  IDENTITY_OIDC_ISSUER(
      "waybill.identity.oidc.issuer",
      "",
      "OIDC provider that vouches for people and programs, as its tokens name it; empty: none"),
  IDENTITY_OIDC_AUDIENCE(
      "waybill.identity.oidc.audience",
      "",
      "what bearer tokens must be meant for, with commas between; empty: the clients below"),
  IDENTITY_OIDC_CLIENT_ID(
      "waybill.identity.oidc.client-id",
      "",
      "client there by which people log in; empty: only bearer tokens are taken"),
  IDENTITY_OIDC_CLIENT_SECRET_FILE(
      "waybill.identity.oidc.client-secret-file",
      "",
      "file with its secret; empty: it is a public client"),
  IDENTITY_OIDC_CLI_CLIENT_ID(
      "waybill.identity.oidc.cli-client-id",
      "",
      "public client by which ./waybill login logs in; empty: the one above"),
  IDENTITY_OIDC_SCOPE(
      "waybill.identity.oidc.scope", "openid profile", "what logins ask the provider for"),
  IDENTITY_OIDC_NAME_CLAIM(
      "waybill.identity.oidc.name-claim",
      "preferred_username",
      "claim that names somebody; sub where a token has none"),
  IDENTITY_OIDC_SKEW(
      "waybill.identity.oidc.skew", "30s", "by how much the provider's clock may differ"),
  IDENTITY_OIDC_CA_CERTIFICATE(
      "waybill.identity.oidc.ca-certificate",
      "",
      "PEM file of the authority that signed the provider's certificate; empty: Java's own"),
  IDENTITY_SESSION(
      "waybill.identity.session",
      "8h",
      "when the session of a browser ends, whatever the provider says"),
  IDENTITY_TOKENS_VAULT_KV(
      "waybill.identity.tokens-vault-kv",
      "",
      "secret in Vault whose fields are names, and their values static tokens"),
  IDENTITY_CLI(
      "waybill.identity.cli",
      "local",
      "who orders at the command line: local (the user of this machine), or oidc (who is logged in"
          + " by ./waybill login)"),
  LEDGER_URL(
      "waybill.ledger.url",
      "",
      "jdbc:postgresql://HOST/DATABASE?currentSchema=SCHEMA for a ledger that several processes"
          + " share; empty: the file data/ledger.db"),
  LEDGER_USER("waybill.ledger.user", "", "user there, who owns the schema"),
  LEDGER_PASSWORD("waybill.ledger.password", "", "its password"),
  LEDGER_VAULT_KV(
      "waybill.ledger.vault-kv",
      "",
      "secret in Vault with the fields username and password, instead of the two above"),
  LEDGER_VAULT_LEASE(
      "waybill.ledger.vault-lease",
      "",
      "path in Vault that makes user and password, such as database/creds/ledger"),
  LEDGER_KEEP(
      "waybill.ledger.keep",
      "90d",
      "how long the ledger keeps batches, tokens and settled dead letters; totals of runs stay"),
  LEDGER_HOST(
      "waybill.ledger.host",
      "",
      "name of this host in ledger and audit trail; for containers, whose own names change"),
  AUDIT_BACKLOG(
      "waybill.audit.backlog", "100000", "audit events that may wait before flows are held"),
  AUDIT_SIGN(
      "waybill.audit.sign",
      "local",
      "who signs how far the audit trail is: local (a key in data/audit), vault-transit or off"),
  AUDIT_SIGN_EVERY("waybill.audit.sign-every", "1m", "how long what happened may stay unsigned"),
  AUDIT_VAULT_KEY(
      "waybill.audit.vault-key",
      "transit/waybill-audit",
      "mount and name of the ed25519 key in Vault, for vault-transit"),
  AUDIT_KEEP(
      "waybill.audit.keep",
      "400d",
      "how long audit events are kept in the ledger; those in waybill.audit stay"),
  AUDIT_KEEP_KINDS(
      "waybill.audit.keep-kinds",
      "",
      "how long those of some kinds are kept instead, as batch=90d, run=180d"),
  LINEAGE_TRANSPORT(
      "waybill.lineage.transport", "off", "where OpenLineage events of runs go: off, file or http"),
  LINEAGE_FILE("waybill.lineage.file", "data/lineage.ndjson", "the file that they are appended to"),
  LINEAGE_URL(
      "waybill.lineage.url",
      "",
      "where they are posted to, such as http://marquez:5000/api/v1/lineage"),
  LINEAGE_API_KEY("waybill.lineage.api-key", "", "bearer token there"),
  LINEAGE_NAMESPACE("waybill.lineage.namespace", "waybill", "namespace of their jobs"),
  LINEAGE_QUEUE(
      "waybill.lineage.queue", "10000", "how many may wait before further ones are dropped"),
  ROUTES_RELOAD(
      "waybill.routes.reload",
      "auto",
      "whether changes in routes/ are taken while flows run: true, false, or auto (false with"
          + " waybill.profile=prod)"),
  ROUTES_RELOAD_QUIET(
      "waybill.routes.reload-quiet",
      "500ms",
      "how long a route file must have stayed as it is before a change is taken"),
  ROUTES_RELOAD_POLL(
      "waybill.routes.reload-poll",
      "5s",
      "how often routes/ is looked at where the file system tells of no changes"),
  POLICY(
      "waybill.policy",
      "auto",
      "auto: policy.yaml holds if it is there; required: nothing starts without one"),
  LOG_LEVEL("waybill.log.level", "info", "info, debug or trace; for looking for causes"),
  LOG_FORMAT(
      "waybill.log.format", "text", "text, or json for one JSON object a line, file and console"),
  TRACES_ENDPOINT(
      "waybill.traces.endpoint",
      "",
      "where spans go by OTLP over HTTP, such as http://127.0.0.1:4318; empty: nowhere, unless"
          + " OTEL_* variables say so"),
  PROFILE("waybill.profile", "dev", "dev or prod; prod refuses what check warns of"),
  VAULT_ADDRESS("waybill.vault.address", "", "address of HashiCorp Vault, https://host:8200"),
  VAULT_NAMESPACE("waybill.vault.namespace", "", "namespace of Vault Enterprise"),
  VAULT_CA_CERTIFICATE(
      "waybill.vault.ca-certificate", "", "PEM file of the authority that signed Vault's"),
  VAULT_CLIENT_CERTIFICATE(
      "waybill.vault.client-certificate",
      "",
      "PEM file with the certificate and key that Vault asks clients for"),
  VAULT_AUTH(
      "waybill.vault.auth", "token", "login: token, approle, jwt, oidc, aws-iam or kubernetes"),
  VAULT_AUTH_PATH(
      "waybill.vault.auth-path", "", "where the login is mounted, if not under its own name"),
  VAULT_ROLE("waybill.vault.role", "", "role of the logins jwt, oidc, aws-iam and kubernetes"),
  VAULT_TOKEN("waybill.vault.token", "", "token; better in a file"),
  VAULT_TOKEN_FILE("waybill.vault.token-file", "", "file with a token that an agent keeps fresh"),
  VAULT_ROLE_ID("waybill.vault.role-id", "", "role id of an AppRole"),
  VAULT_SECRET_ID("waybill.vault.secret-id", "", "its secret id; better in a file"),
  VAULT_SECRET_ID_FILE("waybill.vault.secret-id-file", "", "file with the secret id"),
  VAULT_SECRET_ID_WRAPPED(
      "waybill.vault.secret-id-wrapped",
      "false",
      "whether that is a response-wrapping token with the secret id"),
  VAULT_JWT_FILE("waybill.vault.jwt-file", "", "file with a JWT for the login jwt"),
  VAULT_JWT_ENV("waybill.vault.jwt-env", "", "environment variable with a JWT, instead"),
  VAULT_OIDC_TOKEN_URL(
      "waybill.vault.oidc-token-url",
      "",
      "token endpoint of the OIDC provider, for the login oidc"),
  VAULT_OIDC_CLIENT_ID("waybill.vault.oidc-client-id", "", "client there"),
  VAULT_OIDC_CLIENT_SECRET("waybill.vault.oidc-client-secret", "", "its secret; better in a file"),
  VAULT_OIDC_CLIENT_SECRET_FILE(
      "waybill.vault.oidc-client-secret-file", "", "file with that secret"),
  VAULT_OIDC_SCOPE("waybill.vault.oidc-scope", "", "scope to ask for"),
  VAULT_AWS_REGION("waybill.vault.aws-region", "", "region whose STS is asked who we are"),
  VAULT_AWS_SERVER_ID(
      "waybill.vault.aws-server-id", "", "X-Vault-AWS-IAM-Server-ID that Vault asks for"),
  VAULT_KUBERNETES_TOKEN_FILE(
      "waybill.vault.kubernetes-token-file", "", "token of the service account, if elsewhere"),
  VAULT_POLL("waybill.vault.poll", "15s", "how often secrets are looked at for a change"),
  SHUTDOWN_TIMEOUT(
      "waybill.shutdown-timeout", "15s", "how long a stop waits for batches in flight");

  private final String key;
  private final String defaultValue;
  private final String description;

  Setting(String key, String defaultValue, String description) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** The key in application.properties. */
  public String key() {
    return key;
  }

  /** What holds when nothing is said; may be empty. */
  public String defaultValue() {
    return defaultValue;
  }

  /** What it means. */
  public String description() {
    return description;
  }

  /** The environment variable that wins over the file. */
  public String environment() {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Whether its value is not to be seen. */
  public boolean isSecret() {
    return switch (this) {
      case CLICKHOUSE_PASSWORD,
          LINEAGE_API_KEY,
          LEDGER_PASSWORD,
          VAULT_TOKEN,
          VAULT_SECRET_ID,
          VAULT_OIDC_CLIENT_SECRET ->
          true;
      default -> false;
    };
  }

  static Optional<Setting> of(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }
}
