package io.waybill.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestClickHouse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** JDBC statements and their papers, looked up in the query log. */
class ClickHouseJdbcIT {
  private final String run = "run-" + TestClickHouse.createDatabase();
  private final DataSource source = source(connection());

  private static ClickHouseConnection connection() {
    try (ClickHouseClient client = Plans.client()) {
      return client.connection();
    }
  }

  private static DataSource source(ClickHouseConnection connection) {
    Properties properties = new Properties();
    properties.putAll(ClickHouseJdbc.properties(connection, "test"));
    properties.setProperty("user", TestClickHouse.user());
    properties.setProperty("password", TestClickHouse.password());
    return ClickHouseJdbc.papered(
        "clickhouse",
        name -> new DriverManagerDataSource(ClickHouseJdbc.url(connection), properties),
        () -> StatementGuard.NONE);
  }

  @Test
  void aStatementCarriesThePapersOfItsThread() throws Exception {
    QueryContext.run(Map.of("flow", "f", "run", run), () -> select("SELECT 11"));
    assertThat(logged("SELECT 11")).isEqualTo("{\"flow\":\"f\",\"run\":\"" + run + "\"}\t1");
  }

  @Test
  void aPreparedStatementCarriesThemToo() throws Exception {
    QueryContext.run(
        Map.of("run", run),
        () -> {
          try (Connection connection = source.getConnection();
              PreparedStatement statement = connection.prepareStatement("SELECT 12, ?")) {
            statement.setString(1, "x");
            try (ResultSet rows = statement.executeQuery()) {
              return rows.next();
            }
          }
        });
    assertThat(logged("SELECT 12")).isEqualTo("{\"run\":\"" + run + "\"}\t1");
  }

  @Test
  void twoStatementsOnOneConnectionHaveTwoQueryIds() throws Exception {
    QueryContext.run(
        Map.of("run", run),
        () -> {
          try (Connection connection = source.getConnection();
              Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT 13").close();
            statement.executeQuery("SELECT 13").close();
          }
          return null;
        });
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    assertThat(
            TestClickHouse.query(
                "SELECT uniqExact(query_id) FROM system.query_log WHERE log_comment LIKE '%"
                    + run
                    + "%' AND type = 'QueryFinish'"))
        .isEqualTo("2");
  }

  @Test
  void withoutPapersThereIsNoComment() throws Exception {
    select("SELECT '" + run + "'");
    assertThat(logged("SELECT '" + run)).isEqualTo("\t0");
  }

  @Test
  void autoCommitMayBeSwitchedOffAsCamelDoes() throws Exception {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      connection.commit();
    }
  }

  private boolean select(String sql) throws Exception {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next();
    }
  }

  private String logged(String beginning) {
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    return TestClickHouse.query(
        "SELECT log_comment, startsWith(query_id, '"
            + run
            + "') FROM system.query_log WHERE type = 'QueryFinish' AND startsWith(query, '"
            + beginning.replace("'", "\\'")
            + "') ORDER BY event_time_microseconds DESC LIMIT 1 FORMAT TSVRaw");
  }
}
