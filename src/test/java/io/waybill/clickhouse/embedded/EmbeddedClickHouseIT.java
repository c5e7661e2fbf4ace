package io.waybill.clickhouse.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.testing.ClickHouseHttp;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EmbeddedClickHouseIT {

  @Test
  void answersWithTheVersionThatTheFactsWereMeasuredOn() {
    assertThat(TestClickHouse.query("SELECT version(), currentUser()"))
        .isEqualTo("26.7.2.1\twaybill");
  }

  @Test
  void refusesAWrongPasswordAndGoesOn() {
    assertThat(ClickHouseHttp.post(TestClickHouse.url(), "waybill", "wrong", "SELECT 1").body())
        .contains("Code: 516");
    assertThat(TestClickHouse.query("SELECT 1")).isEqualTo("1");
  }

  @Test
  void letsNobodyInWithoutAPassword() {
    assertThat(ClickHouseHttp.post(TestClickHouse.url(), "default", "", "SELECT 1").status())
        .isNotEqualTo(200);
  }

  @Test
  void bringsItsDataBackOnTheSameUrlWhenItIsKilled() {
    String database = TestClickHouse.createDatabase();
    TestClickHouse.execute(
        "CREATE TABLE " + database + ".t (a UInt32, b String) ENGINE = MergeTree ORDER BY a");
    TestClickHouse.execute("INSERT INTO " + database + ".t VALUES (1, 'one'), (2, 'two')");
    String url = TestClickHouse.url();
    long pid = TestClickHouse.server().pid();

    TestClickHouse.kill9();
    TestClickHouse.awaitRunning();

    assertThat(TestClickHouse.query("SELECT * FROM " + database + ".t ORDER BY a"))
        .isEqualTo("1\tone\n2\ttwo");
    assertThat(TestClickHouse.url()).isEqualTo(url);
    assertThat(TestClickHouse.server().pid()).isNotEqualTo(pid);
  }

  @Test
  void isNotReachedByACtrlCInTheTerminal() throws IOException {
    long pid = TestClickHouse.server().pid();
    Process ps = new ProcessBuilder("ps", "-o", "sid=", "-p", Long.toString(pid)).start();
    assertThat(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip())
        .isEqualTo(Long.toString(pid));
  }

  @Test
  void keepsTheQueryLogAndThePartLog() {
    String database = TestClickHouse.createDatabase();
    TestClickHouse.execute(
        "CREATE TABLE " + database + ".t (a UInt32) ENGINE = MergeTree ORDER BY a");
    TestClickHouse.execute("INSERT INTO " + database + ".t VALUES (1)");
    TestClickHouse.execute("SYSTEM FLUSH LOGS");

    assertThat(
            TestClickHouse.query(
                "SELECT count() FROM system.part_log WHERE event_type = 'NewPart' AND database = '"
                    + database
                    + "'"))
        .isEqualTo("1");
    assertThat(
            TestClickHouse.query(
                "SELECT count() > 0 FROM system.query_log WHERE query LIKE '%"
                    + database
                    + "%' AND type = 'QueryFinish'"))
        .isEqualTo("1");
  }

  @Test
  void knowsUsersWithFewerRights() {
    String table = TestClickHouse.createDatabase() + ".t";
    TestClickHouse.execute("CREATE TABLE " + table + " (a UInt32) ENGINE = MergeTree ORDER BY a");
    String insert = "INSERT INTO " + table + " VALUES (1)";

    assertThat(as(TestClickHouse.WRITER, insert)).isEmpty();
    assertThat(as(TestClickHouse.READER, "SELECT * FROM " + table)).isEqualTo("1");
    assertThatThrownBy(() -> as(TestClickHouse.READER, insert)).hasMessageContaining("Code: 497");
    assertThatThrownBy(() -> as(TestClickHouse.NOBODY, "SELECT * FROM " + table))
        .hasMessageContaining("Code: 497");
    assertThatThrownBy(() -> as(TestClickHouse.READONLY, insert)).hasMessageContaining("Code: 164");
  }

  private static String as(String user, String sql) {
    return TestClickHouse.queryAs(user, TestClickHouse.EXTRA_PASSWORD, sql);
  }
}
