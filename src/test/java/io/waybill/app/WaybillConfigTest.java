package io.waybill.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.batch.DataSize;
import io.waybill.camel.http.HttpLimits;
import io.waybill.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WaybillConfigTest {
  @TempDir Path folder;

  private WaybillConfig load(String properties, Map<String, String> environment) {
    try {
      Path file = folder.resolve("application.properties");
      Files.write(file, properties.getBytes(StandardCharsets.UTF_8));
      return WaybillConfig.load(file, environment);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AbstractThrowableAssert<?, ?> refused(String properties) {
    return assertThatThrownBy(() -> load(properties, Map.of()))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void withoutAFileTheDefaultsHold() {
    WaybillConfig config = WaybillConfig.load(folder.resolve("absent"), Map.of());
    WaybillConfig.ClickHouse clickHouse = config.clickHouse();
    assertThat(clickHouse.isOwn()).isTrue();
    assertThat(clickHouse.url()).isEmpty();
    assertThat(clickHouse.user()).isEqualTo("default");
    assertThat(clickHouse.password().reveal()).isEmpty();
    assertThat(clickHouse.binary()).isEmpty();
    assertThat(clickHouse.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(clickHouse.socketTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(clickHouse.compression()).isEqualTo("auto");
    assertThat(clickHouse.provenance()).isTrue();
    assertThat(config.isLedgerShared()).isFalse();
    assertThat(config.ledger().user()).isEmpty();
    assertThat(config.ledger().password().reveal()).isEmpty();
    assertThat(config.ledger().vaultKv()).isEmpty();
    assertThat(config.ledger().vaultLease()).isEmpty();
    assertThat(config.retry())
        .isEqualTo(
            new WaybillConfig.Retry(
                Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofMinutes(10)));
    assertThat(config.hold())
        .isEqualTo(new WaybillConfig.Hold(Duration.ofSeconds(5), Duration.ofMinutes(5)));
    assertThat(config.reload())
        .isEqualTo(new WaybillConfig.Reload(true, Duration.ofMillis(500), Duration.ofSeconds(5)));
    assertThat(config.limits())
        .isEqualTo(
            new WaybillConfig.Limits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                DataSize.parse("64MB"),
                Duration.ofDays(7),
                DataSize.parse("1GB"),
                Duration.ofDays(90),
                100_000,
                Duration.ofSeconds(15)));
    assertThat(config.audit())
        .isEqualTo(
            new AuditConfig(
                AuditConfig.Sign.LOCAL,
                Duration.ofMinutes(1),
                "transit/waybill-audit",
                Duration.ofDays(400),
                Map.of()));
    assertThat(config.lineage())
        .isEqualTo(
            new LineageConfig(
                LineageConfig.Transport.OFF,
                folder.resolve("data/lineage.ndjson"),
                "",
                Secret.of(""),
                "waybill",
                10_000));
    assertThat(config.http())
        .isEqualTo(
            new HttpLimits("127.0.0.1", 8080, 16 << 20, 64 << 20, 1000, Duration.ofSeconds(30)));
    assertThat(config.isPolicyRequired()).isFalse();
    assertThat(config.management())
        .isEqualTo(
            new ManagementConfig(
                "127.0.0.1",
                OptionalInt.of(8088),
                false,
                Optional.empty(),
                "token",
                Optional.empty()));
    assertThat(config.identity())
        .isEqualTo(
            new IdentityConfig(
                "",
                List.of(),
                "",
                Optional.empty(),
                "",
                "openid profile",
                "preferred_username",
                Duration.ofSeconds(30),
                Optional.empty(),
                Duration.ofHours(8),
                "",
                false));
  }

  @Test
  void everyKeyCanBeSet() {
    WaybillConfig config =
        load(
            """
            waybill.clickhouse.url=https://clickhouse.example:8443/
            waybill.clickhouse.user=loader
            waybill.clickhouse.password=sesame
            waybill.clickhouse.binary=clickhouse
            waybill.clickhouse.connect-timeout=6s
            waybill.clickhouse.socket-timeout=7m
            waybill.clickhouse.compression=lz4
            waybill.provenance=off
            waybill.retry.initial-delay=1s
            waybill.retry.max-delay=2m
            waybill.retry.max-elapsed=3h
            waybill.hold.probe-initial=4s
            waybill.hold.probe-max=5m30s
            waybill.routes.reload=false
            waybill.routes.reload-quiet=2s
            waybill.routes.reload-poll=1m
            waybill.once.idle=8s
            waybill.files.quiet=9s
            waybill.batch.max-record=1MB
            waybill.deduplication.horizon=3d
            waybill.dead-letters.max-bytes=2MB
            waybill.ledger.keep=30d
            waybill.audit.backlog=10
            waybill.shutdown-timeout=11s
            waybill.http.host=0.0.0.0
            waybill.http.port=9090
            waybill.http.max-body=1MB
            waybill.http.max-memory=2MB
            waybill.http.max-requests=3
            waybill.http.body-timeout=4s
            waybill.audit.sign=vault-transit
            waybill.audit.sign-every=10s
            waybill.audit.vault-key=keys/transit/audit
            waybill.audit.keep=30d
            waybill.audit.keep-kinds=batch=7d, denied=3650d
            waybill.lineage.transport=http
            waybill.lineage.file=/tmp/events
            waybill.lineage.url=https://marquez:5000/api/v1/lineage
            waybill.lineage.api-key=open
            waybill.lineage.namespace=etl
            waybill.lineage.queue=7
            waybill.management.host=0.0.0.0
            waybill.management.port=off
            waybill.management.token-file=/run/token
            waybill.management.token-name=ci
            waybill.management.public-url=https://waybill.example
            waybill.identity.oidc.issuer=https://provider.example/realm
            waybill.identity.oidc.audience=etl, warehouse
            waybill.identity.oidc.client-id=people
            waybill.identity.oidc.client-secret-file=/run/client-secret
            waybill.identity.oidc.cli-client-id=commands
            waybill.identity.oidc.scope=openid
            waybill.identity.oidc.name-claim=email
            waybill.identity.oidc.skew=10s
            waybill.identity.oidc.ca-certificate=/run/ca.pem
            waybill.identity.session=1h
            waybill.identity.tokens-vault-kv=secret/tokens
            waybill.identity.cli=oidc
            waybill.policy=required
            """,
            Map.of());
    assertThat(config.isPolicyRequired()).isTrue();
    assertThat(config.management())
        .isEqualTo(
            new ManagementConfig(
                "0.0.0.0",
                OptionalInt.empty(),
                true,
                Optional.of(Path.of("/run/token")),
                "ci",
                Optional.of("https://waybill.example/")));
    assertThat(config.identity())
        .isEqualTo(
            new IdentityConfig(
                "https://provider.example/realm",
                List.of("etl", "warehouse"),
                "people",
                Optional.of(Path.of("/run/client-secret")),
                "commands",
                "openid",
                "email",
                Duration.ofSeconds(10),
                Optional.of(Path.of("/run/ca.pem")),
                Duration.ofHours(1),
                "secret/tokens",
                true));
    assertThat(config.audit())
        .isEqualTo(
            new AuditConfig(
                AuditConfig.Sign.VAULT_TRANSIT,
                Duration.ofSeconds(10),
                "keys/transit/audit",
                Duration.ofDays(30),
                Map.of("batch", Duration.ofDays(7), "denied", Duration.ofDays(3650))));
    assertThat(config.lineage())
        .isEqualTo(
            new LineageConfig(
                LineageConfig.Transport.HTTP,
                Path.of("/tmp/events"),
                "https://marquez:5000/api/v1/lineage",
                Secret.of("open"),
                "etl",
                7));
    assertThat(config.http())
        .isEqualTo(new HttpLimits("0.0.0.0", 9090, 1 << 20, 2 << 20, 3, Duration.ofSeconds(4)));
    WaybillConfig.ClickHouse clickHouse = config.clickHouse();
    assertThat(clickHouse.isOwn()).isFalse();
    assertThat(clickHouse.url()).isEqualTo("https://clickhouse.example:8443");
    assertThat(clickHouse.user()).isEqualTo("loader");
    assertThat(clickHouse.password().reveal()).isEqualTo("sesame");
    assertThat(clickHouse.binary()).isEqualTo("clickhouse");
    assertThat(clickHouse.connectTimeout()).isEqualTo(Duration.ofSeconds(6));
    assertThat(clickHouse.socketTimeout()).isEqualTo(Duration.ofMinutes(7));
    assertThat(clickHouse.compression()).isEqualTo("lz4");
    assertThat(clickHouse.provenance()).isFalse();
    assertThat(config.retry())
        .isEqualTo(
            new WaybillConfig.Retry(
                Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ofHours(3)));
    assertThat(config.hold())
        .isEqualTo(new WaybillConfig.Hold(Duration.ofSeconds(4), Duration.ofSeconds(330)));
    assertThat(config.reload())
        .isEqualTo(new WaybillConfig.Reload(false, Duration.ofSeconds(2), Duration.ofMinutes(1)));
    assertThat(config.limits())
        .isEqualTo(
            new WaybillConfig.Limits(
                Duration.ofSeconds(8),
                Duration.ofSeconds(9),
                DataSize.parse("1MB"),
                Duration.ofDays(3),
                DataSize.parse("2MB"),
                Duration.ofDays(30),
                10,
                Duration.ofSeconds(11)));
  }

  @Test
  void productionTakesNoRouteFilesWhileItRunsUnlessItSaysSo() {
    assertThat(load("waybill.profile=prod", Map.of()).reload().on()).isFalse();
    assertThat(load("waybill.profile=prod\nwaybill.routes.reload=true", Map.of()).reload().on())
        .isTrue();
  }

  @Test
  void anIdentityThatWouldNotBeProvedIsRefused() {
    refused("waybill.identity.oidc.issuer=https://provider.example")
        .hasMessageContaining("waybill.identity.oidc.audience");
    refused("waybill.identity.oidc.issuer=https://provider.example/?a=b")
        .hasMessageContaining("waybill.identity.oidc.issuer");
    refused("waybill.identity.oidc.client-id=people")
        .hasMessageContaining("waybill.identity.oidc.issuer");
    refused("waybill.identity.cli=oidc").hasMessageContaining("waybill.identity.oidc.issuer");
    refused(
            "waybill.identity.oidc.issuer=https://provider.example\n"
                + "waybill.identity.oidc.client-id=people\nwaybill.identity.oidc.skew=1h")
        .hasMessageContaining("at most 5m");
  }

  @Test
  void environmentWinsOverTheFile() {
    WaybillConfig config =
        load(
            "waybill.clickhouse.user=file\nwaybill.retry.max-delay=1s",
            Map.of(
                "WAYBILL_CLICKHOUSE_USER", " environment ",
                "WAYBILL_RETRY_MAX_DELAY", "2s"));
    assertThat(config.clickHouse().user()).isEqualTo("environment");
    assertThat(config.retry().maxDelay()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void keysOfOthersAreLeftAlone() {
    assertThat(load("camel.main.name=x\nmine=1\n", Map.of()).clickHouse().isOwn()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "waybill.clickhouse.urll, waybill.clickhouse.url",
    "waybill.retry.maxdelay, waybill.retry.max-delay",
    "waybill.file.quiet, waybill.files.quiet"
  })
  void unknownKeyNamesTheNearestKnownOne(String wrong, String nearest) {
    refused(wrong + "=1")
        .hasMessage(
            "application.properties: "
                + wrong
                + ": unknown key; the nearest known one is "
                + nearest);
  }

  @Test
  void allProblemsAreToldTogetherWithTheirPlaces() {
    assertThatThrownBy(
            () ->
                load(
                    """
                    waybill.clickhouse.urll=x
                    waybill.retry.max-delay=soon
                    waybill.audit.backlog=many
                    waybill.clickhouse.compression=zip
                    """,
                    Map.of("WAYBILL_BATCH_MAX_RECORD", "big")))
        .message()
        .satisfies(
            message ->
                assertThat(message.lines())
                    .hasSize(5)
                    .anyMatch(
                        line -> line.startsWith("application.properties: waybill.clickhouse.urll"))
                    .anyMatch(
                        line -> line.startsWith("application.properties: waybill.retry.max-delay"))
                    .anyMatch(
                        line -> line.startsWith("application.properties: waybill.audit.backlog"))
                    .anyMatch(line -> line.endsWith("must be one of auto, lz4, none"))
                    .anyMatch(line -> line.startsWith("environment: WAYBILL_BATCH_MAX_RECORD")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clickhouse:8123",
        "tcp://clickhouse:9000",
        "http://",
        "http://user:secret@clickhouse:8123",
        "http://clickhouse:8123/path"
      })
  void addressThatIsNoneIsRefusedWithoutRepeatingIt(String url) {
    refused("waybill.clickhouse.url=" + url)
        .hasMessageContaining("must look like http://host:8123")
        .message()
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "5 parsecs", "-1s", "5x"})
  void durationThatIsNoneIsRefused(String duration) {
    refused("waybill.hold.probe-max=" + duration)
        .hasMessageStartingWith("application.properties: waybill.hold.probe-max: '" + duration)
        .hasMessageContaining("5s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "big", "-1MB", "64 parsecs", "0"})
  void sizeThatIsNoneIsRefused(String size) {
    refused("waybill.batch.max-record=" + size)
        .hasMessageStartingWith("application.properties: waybill.batch.max-record");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "-1", "1.5"})
  void numberThatIsNoneIsRefused(String number) {
    refused("waybill.audit.backlog=" + number)
        .hasMessageStartingWith("application.properties: waybill.audit.backlog")
        .hasMessageContaining("whole number");
  }

  @Test
  void propertiesThatCannotBeReadAreNamed() {
    refused("waybill.clickhouse.user=\\u12")
        .hasMessageContaining("application.properties")
        .hasMessageContaining("cannot read");
  }

  @Test
  void passwordIsNeitherPrintedNorGivenToRoutes() {
    WaybillConfig config = load("waybill.clickhouse.password=sesame", Map.of());
    assertThat(config.clickHouse()).asString().contains("***").doesNotContain("sesame");
    assertThat(config.asProperties())
        .doesNotContainKey("waybill.clickhouse.password")
        .doesNotContainValue("sesame")
        .containsEntry("waybill.retry.initial-delay", "500");
  }

  @Test
  void aLedgerOnPostgresHasItsOwnSettings() {
    WaybillConfig config =
        load(
            """
            waybill.ledger.url=jdbc:postgresql://db/waybill?currentSchema=ledger
            waybill.ledger.user=waybill
            """,
            Map.of("WAYBILL_LEDGER_PASSWORD", "geheim"));
    assertThat(config.isLedgerShared()).isTrue();
    assertThat(config.ledger().url())
        .isEqualTo("jdbc:postgresql://db/waybill?currentSchema=ledger");
    assertThat(config.ledger().user()).isEqualTo("waybill");
    assertThat(config.ledger().password().reveal()).isEqualTo("geheim");
    assertThat(config.asProperties()).doesNotContainKey("waybill.ledger.password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "waybill.audit.sign=maybe",
        "waybill.audit.sign-every=0s",
        "waybill.audit.vault-key=key",
        "waybill.audit.keep-kinds=batch",
        "waybill.audit.keep-kinds=bytes=1d",
        "waybill.lineage.transport=carrier-pigeon",
        "waybill.lineage.transport=http",
        "waybill.lineage.url=https://user:geheim@marquez/",
        "waybill.lineage.queue=0"
      })
  void whatCannotBeMeantOfTrailAndLineageIsRefused(String properties) {
    refused(properties)
        .message()
        .contains(properties.substring(0, "waybill.audit".length()))
        .doesNotContain("geheim");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "waybill.ledger.url=jdbc:mysql://db/waybill",
        "waybill.ledger.url=jdbc:postgresql://waybill:geheim@db/waybill",
        "waybill.ledger.url=jdbc:postgresql://db/waybill?password=geheim",
        "waybill.ledger.vault-kv=a\nwaybill.ledger.vault-lease=b"
      })
  void aLedgerThatCannotBeMeantIsRefusedWithoutItsPassword(String properties) {
    refused(properties).message().contains("waybill.ledger").doesNotContain("geheim");
  }
}
