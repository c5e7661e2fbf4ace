package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestHome;
import io.waybill.testing.TestVault;
import io.waybill.testing.WaybillProcess;
import io.waybill.testing.WaybillProcess.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every secret is planted, everything is logged, and no byte that is written has one of them. */
class SecretsIT {
  private static final String IN_ROUTE = "canary-in-a-route-4711";
  private static final String OF_DATABASE = "canary-of-a-database-4712";
  private static final String BY_DEFAULT = "canary-by-default-4713";
  @TempDir static Path vaultHome;
  private static TestVault vault;
  @TempDir Path folder;
  private TestHome home;
  private final StringBuilder said = new StringBuilder();

  @BeforeAll
  static void start() {
    vault = TestVault.start(vaultHome);
    vault.put(
        "secret/clickhouse",
        Map.of("username", TestClickHouse.FIRST, "password", TestClickHouse.EXTRA_PASSWORD));
    vault.put("secret/route", Map.of("value", IN_ROUTE));
    vault.put("secret/database", Map.of("password", OF_DATABASE));
  }

  @AfterAll
  static void stop() {
    if (vault != null) {
      vault.close();
    }
  }

  @BeforeEach
  void home() throws IOException {
    home = new TestHome(folder);
    home.write("vault-token", vault.rootToken());
    Files.setPosixFilePermissions(
        folder.resolve("vault-token"), PosixFilePermissions.fromString("rw-------"));
    configure("");
  }

  private void configure(String more) {
    home.properties(
        """
        waybill.clickhouse.url=%s
        waybill.clickhouse.vault-kv=secret/clickhouse
        waybill.vault.address=%s
        waybill.vault.token-file=%s
        waybill.files.quiet=0s
        waybill.log.level=trace
        waybill.connections.pg.url=jdbc:postgresql://127.0.0.1:1/none
        waybill.connections.pg.user=loader
        waybill.connections.pg.password={{hashicorp:secret:database#password}}
        my.secret={{hashicorp:secret:route#value}}
        %s
        """
            .formatted(TestClickHouse.url(), vault.address(), folder.resolve("vault-token"), more));
  }

  private Result run(String... arguments) {
    Result result = WaybillProcess.run(home, arguments).withoutStackTrace();
    said.append(result.all());
    return result;
  }

  private void assertUnseen() throws IOException {
    List<String> canaries = new ArrayList<>();
    for (String secret :
        List.of(
            TestClickHouse.EXTRA_PASSWORD, IN_ROUTE, OF_DATABASE, BY_DEFAULT, vault.rootToken())) {
      canaries.add(secret);
      canaries.add(
          Base64.getEncoder()
              .encodeToString(
                  (TestClickHouse.FIRST + ":" + secret).getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(said.toString()).doesNotContain(canaries);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean ours = file.startsWith(folder.resolve("routes")) || file.endsWith("vault-token");
        if (!ours) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(canaries);
        }
      }
    }
  }

  @Test
  void noSecretIsWrittenAnywhereWhateverIsRunAndFails() throws IOException {
    String database = TestClickHouse.createDatabase();
    home.write("in/good/a.csv", "id\n1\nbad\n")
        .write(
            "routes/good.camel.yaml",
            """
            - route:
                id: good
                from:
                  uri: file:in/good?noop=true&exclude={{hashicorp:secret:route#value}}
                  steps:
                    - log: "{{my.secret}} {{hashicorp:secret:none#x:%s}}"
                    - to: waybill:%s.good?createTable=true
            """
                .formatted(BY_DEFAULT, database))
        .write(
            "routes/failing.camel.yaml",
            """
            - route:
                id: failing
                from:
                  uri: timer:once?repeatCount=1
                  steps:
                    - to: sql:SELECT 1?dataSource=#pg
                    - to: waybill:%s.failing
            """
                .formatted(database))
        .write(
            "routes/broken.camel.yaml",
            """
            - route:
                id: broken
                from:
                  uri: file:in?nosuchoption={{hashicorp:secret:route#value}}
                  steps:
                    - to: waybill:%s.broken
            """
                .formatted(database));
    run("check");
    run("check", "--json");
    run("run", "--once");
    run("flows", "--json");
    Result runs = run("runs", "--json");
    assertThat(runs.out()).contains("good");
    run("dead-letters", "list");
    run("sql", "SELECT 1");
    run("sql", "SELECT nonsense");
    assertThat(Files.readString(folder.resolve("data/log/waybill.log")))
        .as("everything is logged")
        .contains("TRACE", "DEBUG");
    vault.put("secret/clickhouse", Map.of("username", "nobody", "password", OF_DATABASE));
    try {
      run("run", "--once");
      run("sql", "SELECT 1");
    } finally {
      vault.put(
          "secret/clickhouse",
          Map.of("username", TestClickHouse.FIRST, "password", TestClickHouse.EXTRA_PASSWORD));
    }
    configure(
        "waybill.vault.auth=approle\nwaybill.vault.role-id=x\nwaybill.vault.secret-id="
            + BY_DEFAULT);
    Files.move(folder.resolve("application.properties"), folder.resolve("routes/kept"));
    Files.copy(folder.resolve("routes/kept"), folder.resolve("application.properties"));
    run("run", "--once");
    Files.delete(folder.resolve("application.properties"));
    assertUnseen();
  }

  @Test
  void secretsInPlainTextAreToldByTheirPlaceAndRefusedInProduction() throws IOException {
    home.properties(
            """
            waybill.clickhouse.url=%s
            waybill.clickhouse.password=%s
            mail.host.password=%s
            """
                .formatted(TestClickHouse.url(), IN_ROUTE, OF_DATABASE))
        .write(
            "routes/ftp.camel.yaml",
            """
            - route:
                id: ftp
                from:
                  uri: file:in
                  parameters:
                    password: %s
                  steps:
                    - to: sftp:host/x?username=me&password=%s
            """
                .formatted(BY_DEFAULT, OF_DATABASE));
    Result warned = run("check");
    assertThat(warned.err())
        .contains("WARN application.properties:2: waybill.clickhouse.password is in plain text")
        .contains("WARN application.properties:3: mail.host.password")
        .contains("WARN routes/ftp.camel.yaml:6: password is in plain text")
        .contains("WARN routes/ftp.camel.yaml:8: password is in plain text");
    Files.writeString(
        folder.resolve("application.properties"),
        Files.readString(folder.resolve("application.properties")) + "waybill.profile=prod\n");
    assertThat(run("check").exitCode()).isEqualTo(ExitCode.USAGE);
    Result refused = run("run", "--once");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("application.properties:2");
    assertThat(said.toString()).doesNotContain(IN_ROUTE, OF_DATABASE, BY_DEFAULT);
  }
}
