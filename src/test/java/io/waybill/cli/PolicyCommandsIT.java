package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.clickhouse.embedded.EmbeddedSettings;
import io.waybill.clickhouse.embedded.ServerExtras;
import io.waybill.testing.ClickHouseHttp;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.TestHome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands about the policy say, on a real server. */
@Timeout(180)
final class PolicyCommandsIT {
  private static final String POLICY =
      """
      version: 1
      environments:
        staging:
          tables: ["STAGING.*"]
        secret:
          tables: ["STAGING.salary"]
      roles:
        developer:
          read: [staging]
          write: [staging]
          max-rows-per-run: 7
          clickhouse: { connection: loader }
          members:
            - claim: { groups: developers }
            - local: anna
      flows:
        default-role: developer
      """;

  @TempDir private Path folder;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private String database;
  private TestHome home;

  @BeforeEach
  void aHomeWithAPolicy() {
    database = TestClickHouse.createDatabase();
    home = TestHome.onTestClickHouse(folder);
    loader(TestClickHouse.url(), TestClickHouse.STAGER);
    home.write("policy.yaml", POLICY.replace("STAGING", database));
    TestClickHouse.execute(
        "CREATE TABLE %s.trips (id UInt8) ENGINE = MergeTree ORDER BY id".formatted(database));
    TestClickHouse.execute(
        "CREATE TABLE %s.salary (id UInt8) ENGINE = MergeTree ORDER BY id".formatted(database));
  }

  private void loader(String url, String user) {
    home.properties(
        """
        waybill.clickhouse.url=%1$s
        waybill.clickhouse.user=%2$s
        waybill.clickhouse.password=%3$s
        waybill.connections.loader.url=%1$s
        waybill.connections.loader.user=%4$s
        waybill.connections.loader.password=%5$s
        """
            .formatted(
                url,
                TestClickHouse.user(),
                TestClickHouse.password(),
                user,
                TestClickHouse.EXTRA_PASSWORD));
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new java.util.ArrayList<>(List.of(arguments));
    all.add("--home");
    all.add(folder.toString());
    return line.execute(all.toArray(String[]::new));
  }

  @Test
  void explainSaysYesOrNoAndByWhichLine() throws Exception {
    assertThat(run("policy", "explain", "local:anna", "write", database + ".trips")).isZero();
    assertThat(out.toString())
        .contains("yes: role developer may write in staging (policy.yaml:10)")
        .contains("at most 7 rows a run (policy.yaml:11)")
        .contains("asks ClickHouse by connection loader");
    assertThat(run("policy", "explain", "developer", "write", database + ".salary")).isEqualTo(3);
    assertThat(out.toString())
        .contains("no: role developer may not write in secret (policy.yaml:8)", "remedy: ");
    assertThat(
            run(
                "policy",
                "explain",
                "claim:groups=developers,team=x",
                "read",
                database + ".trips",
                "--json"))
        .isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("allowed").asBoolean()).isTrue();
    assertThat(json.get("line").asText()).isEqualTo("policy.yaml:9");
    assertThat(run("policy", "explain", "nobody", "audit")).isEqualTo(3);
    assertThat(run("policy", "explain", "anna", "eat", "x.y")).isEqualTo(2);
    assertThat(err.toString()).contains("actions are read, write, operate, audit, administer");
  }

  @Test
  void checkTellsAllProblems() {
    assertThat(run("policy", "check")).isZero();
    assertThat(out.toString()).contains("policy.yaml is well: environments staging, secret");
    home.write("policy.yaml", "version: 1\nroles:\n  a: { reed: [] }\n");
    assertThat(run("policy", "check")).isEqualTo(2);
    assertThat(err.toString())
        .contains("policy.yaml:1: needs environments:")
        .contains("policy.yaml:3: roles.a: there is no key 'reed'; did you mean read?");
    assertThat(run("check")).isEqualTo(2);
    assertThat(err.toString()).contains("did you mean read?");
  }

  @Test
  void withoutAPolicyCheckSaysSo() {
    assertThat(folder.resolve("policy.yaml").toFile().delete()).isTrue();
    assertThat(run("check")).isZero();
    assertThat(out.toString()).contains("no policy: everything is allowed");
    assertThat(run("grants")).isEqualTo(2);
    home.properties("waybill.policy=required\n");
    assertThat(run("check")).isEqualTo(2);
    assertThat(err.toString()).contains("waybill.policy=required");
  }

  @Test
  void aConnectionThatIsNotThereIsAProblemOfThePolicy() {
    home.write("policy.yaml", POLICY.replace("STAGING", database).replace("loader", "loder"));
    assertThat(run("policy", "check")).isEqualTo(2);
    assertThat(err.toString())
        .contains("policy.yaml:12: roles.developer.clickhouse: there is no connection 'loder'");
  }

  @Test
  void checkWarnsWhereTheServerDiffers() {
    home.folder("routes");
    assertThat(run("check")).isZero();
    assertThat(out.toString()).contains("WARN stager: ClickHouse grants ");
  }

  @Test
  void grantsTellsWhatIsTooLittleAndTooMuch() throws Exception {
    assertThat(run("grants", "--check")).isEqualTo(3);
    assertThat(out.toString())
        .contains("stager (connection loader): ClickHouse differs")
        .contains("too much:   REVOKE SELECT ON test_*.* FROM stager;")
        .doesNotContain("too little: GRANT INSERT ON " + database);
    assertThat(run("grants", "--check", "--json")).isEqualTo(3);
    assertThat(new ObjectMapper().readTree(out.toString()).get(0).get("agrees").asBoolean())
        .isFalse();
  }

  /** The XML that is printed goes into users.xml of a server, which then agrees. */
  @Test
  void whatGrantsPrintsMakesTheServerAgree() throws Exception {
    assertThat(run("grants")).isZero();
    String xml = out.toString();
    assertThat(xml)
        .contains("<query>GRANT INSERT ON " + database + ".*</query>")
        .contains("<query>REVOKE INSERT ON " + database + ".salary</query>");
    String grants = xml.substring(xml.indexOf("<grants>"), xml.indexOf("</grants>") + 9);
    String user =
        "<fresh><password>%s</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>%s</fresh>"
            .formatted(TestClickHouse.EXTRA_PASSWORD, grants);
    try (EmbeddedClickHouse server =
        EmbeddedClickHouse.start(
            EmbeddedSettings.in(folder.resolve("server"))
                .withExtras(new ServerExtras(List.of(user), List.of(), List.of())))) {
      for (String sql :
          List.of(
              "CREATE DATABASE " + database,
              "CREATE TABLE %s.trips (id UInt8) ENGINE = MergeTree ORDER BY id".formatted(database),
              "CREATE TABLE %s.salary (id UInt8) ENGINE = MergeTree ORDER BY id"
                  .formatted(database))) {
        ClickHouseHttp.query(server.url(), server.user(), server.password(), sql);
      }
      loader(server.url(), "fresh");

      assertThat(run("grants", "--check")).as(out.toString()).isZero();
      assertThat(out.toString()).contains("fresh (connection loader): ClickHouse agrees");
      assertThat(run("check")).as(err.toString()).isZero();
      assertThat(out.toString()).doesNotContain("WARN");
    }
  }

  @Test
  void grantsPrintsSqlForAServerThatTakesIt() {
    home.write(
        "policy.yaml",
        POLICY
            .replace("STAGING", database)
            .replace("{ connection: loader }", "{ connection: loader, role: loaders }"));
    assertThat(run("grants", "--json")).isZero();
    assertThat(out.toString().lines().collect(Collectors.joining()))
        .contains("GRANT INSERT ON " + database + ".* TO loaders")
        .contains("REVOKE INSERT ON " + database + ".salary FROM loaders");
    assertThat(run("grants", "--check")).isEqualTo(3);
    assertThat(out.toString()).contains("loaders (connection loader): its grants cannot be seen");
  }

  @Test
  void killSwitchesAndApprovalsAreListed() {
    assertThat(run("kill-switch")).isZero();
    assertThat(out.toString()).contains("no kill switch is on by order");
    assertThat(run("kill-switch", "staging")).isEqualTo(2);
    assertThat(run("approvals")).isZero();
    assertThat(out.toString()).contains("nothing waits for a second person");
    assertThat(run("approvals", "--json")).isZero();
    assertThat(out.toString().strip()).isEqualTo("[]");
    assertThat(run("approvals", "approve")).isEqualTo(2);
  }
}
