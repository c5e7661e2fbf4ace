package io.waybill.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.sql.ResultSetIterator;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.ColumnMapRowMapper;
import org.springframework.jdbc.core.RowMapper;

/** Rows of a real database, as {@code sql:} hands them over. */
final class DatabaseRowsTest {
  private static final String THOUSAND =
      "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 1000) SELECT id FROM n";

  private static Iterator<?> rows(String sql, RowMapper<?> mapper) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    Statement statement = connection.createStatement();
    return new ResultSetIterator(connection, statement, statement.executeQuery(sql), mapper);
  }

  private static RowMapper<?> mapper() {
    return new DatabaseRows().newColumnRowMapper();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> row(String sql) throws SQLException {
    return (Map<String, Object>) rows(sql, mapper()).next();
  }

  @Test
  void aRowIsWhatSpringMakesOfIt() throws Exception {
    String sql = "SELECT 1 AS id, 'x' AS Text, 2.5 AS amount, NULL AS missing, x'0102' AS raw";
    Map<String, Object> row = row(sql);
    assertThat(new ArrayList<>(row.keySet()))
        .containsExactly("id", "Text", "amount", "missing", "raw");
    Map<?, ?> springs = (Map<?, ?>) rows(sql, new ColumnMapRowMapper()).next();
    springs.forEach((name, value) -> assertThat(row.get(name)).isEqualTo(value));
    assertThat(row).hasSize(springs.size());
  }

  @Test
  void aColumnIsFoundInAnyCase() throws Exception {
    Map<String, Object> row = row("SELECT 1 AS Id, NULL AS missing");
    assertThat(row.get("ID")).isEqualTo(1);
    assertThat(row.containsKey("MISSING")).isTrue();
    assertThat(row.containsKey("other")).isFalse();
  }

  @Test
  void aRowMayBeChanged() throws Exception {
    Map<String, Object> row = row("SELECT 1 AS id, 'x' AS text");
    row.put("more", true);
    row.remove("TEXT");
    assertThat(row.put("ID", 2)).isEqualTo(1);
    assertThat(row).containsEntry("more", true).doesNotContainKey("text").hasSize(2);
    assertThat(row.get("id")).isEqualTo(2);
  }

  @Test
  void columnsOfTheSameNameAreLeftToSpring() throws Exception {
    assertThat(row("SELECT 1 AS id, 2 AS ID")).hasSize(1).containsEntry("id", 1);
  }

  @Test
  void rowsReadAheadComeInTheirOrder() throws Exception {
    List<Object> ids = new ArrayList<>();
    Iterator<?> rows = ReadAhead.of(rows(THOUSAND, mapper()));
    rows.forEachRemaining(row -> ids.add(((Map<?, ?>) row).get("id")));
    assertThat(ids).hasSize(1000).isSorted().startsWith(1).endsWith(1000);
    RowBodies.close(rows);
  }

  @Test
  void whatFailsComesBehindTheRowsBeforeIt() throws Exception {
    RowMapper<Object> fails =
        (ResultSet row, int number) -> {
          if (row.getInt(1) > 700) {
            throw new SQLException("the connection broke");
          }
          return row.getInt(1);
        };
    Iterator<?> rows = ReadAhead.of(rows(THOUSAND, fails));
    List<Object> ids = new ArrayList<>();
    assertThatThrownBy(() -> rows.forEachRemaining(ids::add))
        .hasStackTraceContaining("the connection broke");
    assertThat(ids).hasSize(700);
  }

  @Test
  void whoStopsReadingEarlyLeavesNoThreadBehind() throws Exception {
    Iterator<?> rows = ReadAhead.of(rows(THOUSAND, mapper()));
    assertThat(rows.next()).isInstanceOf(Map.class);
    RowBodies.close(rows);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("waybill-read-ahead");
  }
}
