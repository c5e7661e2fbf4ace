package io.waybill.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlStatementTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1 |",
        "select count() from staging.trips | staging.trips",
        "SELECT * FROM trips | home.trips",
        "SELECT * FROM a.b, c.d AS x, e | a.b c.d home.e",
        "SELECT * FROM a.b FINAL LEFT JOIN c.d ON x = y JOIN e USING (k), f | a.b c.d home.e",
        "SELECT a FROM x.y ARRAY JOIN p, q WHERE a IN z.w | x.y z.w",
        "SELECT a FROM (SELECT b FROM `q r`.\"s t\") | 'q r.s t'",
        "WITH c AS (SELECT * FROM a.b) SELECT * FROM c JOIN d.c AS e ON 1 | a.b d.c",
        "SELECT extract(YEAR FROM d), trim(BOTH ' ' FROM s) FROM a.b | a.b",
        "SELECT 'FROM x.y', /* FROM x.y */ 1 -- FROM x.y | ",
        "SELECT $$ FROM x.y $$ FROM a.b | a.b",
        "(SELECT 1 FROM a.b) UNION ALL (SELECT 2 FROM c.d) | a.b c.d",
        "SELECT dictGet('d.dict', 'a', 1) FROM numbers(10) | d.dict",
        "SELECT x IN (1, 2), y IN tuple(1) FROM a.b ORDER BY p, q LIMIT 1 BY r, s | a.b",
        "FROM a.b SELECT * | a.b",
        "SELECT a FROM a.b WHERE c IN ? AND d IN {e:Array(UInt8)} | a.b",
        "EXPLAIN SELECT * FROM a.b | a.b",
        "DESCRIBE TABLE a.b | a.b",
        "SHOW TABLES FROM x |",
        "SELECT * FROM a.b WHERE c = 'it''s' AND d = 'x\\'' FORMAT CSV | a.b",
      })
  void what_only_asks_is_read_only_and_names_what_it_reads(String sql, String tables) {
    SqlStatement statement = SqlStatement.of(sql, "home");

    assertThat(statement.unclear()).isEmpty();
    assertThat(statement.readOnly()).isTrue();
    assertThat(statement.writes()).isEmpty();
    assertThat(text(statement.reads())).isEqualTo(words(tables));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INSERT INTO a.b VALUES (1) | a.b || ",
        "insert into table b (x) select x from c.d | home.b | c.d |",
        "WITH x AS (SELECT 1) INSERT INTO a.b SELECT * FROM x | a.b ||",
        "DROP TABLE a.b | a.b || DROP",
        "DROP TABLE IF EXISTS a.b, c SYNC | a.b home.c || DROP",
        "/* x */ drop database a | a.* || DROP",
        "DETACH TABLE a.b PERMANENTLY | a.b || DROP",
        "TRUNCATE a.b | a.b || TRUNCATE",
        "TRUNCATE TABLE IF EXISTS a.b | a.b || TRUNCATE",
        "ALTER TABLE a.b DELETE WHERE x = 1 | a.b || DELETE",
        "ALTER TABLE a.b UPDATE x = replace(y, 'DROP', '') WHERE 1 | a.b || UPDATE",
        "ALTER TABLE a.b DROP PARTITION 1, DROP COLUMN c | a.b || DROP",
        "ALTER TABLE a.b ADD COLUMN c UInt8 | a.b || ALTER",
        "ALTER TABLE a.b REPLACE PARTITION 1 FROM c.d | a.b | c.d | DROP",
        "ALTER TABLE a.b MOVE PARTITION 1 TO TABLE c.d | a.b c.d || ALTER",
        "DELETE FROM a.b WHERE x IN c.d | a.b | c.d | DELETE",
        "UPDATE a.b SET x = 1 WHERE 1 | a.b || UPDATE",
        "CREATE TABLE IF NOT EXISTS a.b (x UInt8) ENGINE = ReplacingMergeTree | a.b ||",
        "CREATE OR REPLACE TABLE a.b AS SELECT * FROM c.d | a.b | c.d | DROP",
        "CREATE MATERIALIZED VIEW a.v TO a.t AS SELECT * FROM c.d | a.v a.t | c.d |",
        "RENAME TABLE a.b TO c.d, e TO f | a.b c.d home.e home.f || ALTER",
        "EXCHANGE TABLES a.b AND c.d | a.b c.d || ALTER",
        "OPTIMIZE TABLE a.b FINAL | a.b ||",
        "GRANT SELECT ON a.b TO c ||| GRANT",
        "CREATE USER x ||| GRANT",
        "DROP ROLE x ||| DROP GRANT",
        "ALTER USER x IDENTIFIED BY 'y' ||| GRANT",
        "SYSTEM STOP MERGES ||| SYSTEM",
        "KILL QUERY WHERE 1 ||| SYSTEM",
      })
  void what_changes_something_names_what_and_how(
      String sql, String writes, String reads, String kinds) {
    SqlStatement statement = SqlStatement.of(sql, "home");

    assertThat(statement.unclear()).isEmpty();
    assertThat(statement.readOnly()).isFalse();
    assertThat(text(statement.writes())).isEqualTo(words(writes));
    assertThat(text(statement.reads())).isEqualTo(words(reads));
    assertThat(new TreeSet<>(statement.kinds().stream().map(Enum::name).toList()))
        .isEqualTo(words(kinds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-- only this",
        "SELECT 'x",
        "SELECT 1 /* x",
        "SELECT * FROM url('http://x', CSV)",
        "SELECT * FROM a.b, remote('x', y.z)",
        "DESCRIBE file('/etc/passwd')",
        "SELECT joinGet(concat('a', 'b'), 'c', 1) FROM numbers(1), s3('x')",
        "INSERT INTO FUNCTION url('http://x') SELECT * FROM a.b",
        "INSERT INTO {t:Identifier} SELECT 1",
        "DROP TABLE {t:Identifier}",
        "SELECT * FROM {t:Identifier}",
        "SELECT * FROM a.b JOIN ? ON 1",
        "SET readonly = 0",
        "USE prod",
        "BEGIN TRANSACTION",
        "INSERT INTO a.b SELECT 1 PARALLEL WITH DROP TABLE c.d",
        "?",
      })
  void what_cannot_be_told_is_unclear(String sql) {
    assertThat(SqlStatement.of(sql, "home").unclear()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP TABLE a.b | drop   /* x */ table a.b | false",
        "DROP TABLE a.b | DROP  TABLE\ta.b -- now | true",
        "DROP TABLE a.b | DROP TABLE a.c | false",
        "DELETE FROM a WHERE x = 'y' | DELETE FROM a WHERE x = y | false",
      })
  void the_digest_tells_statements_apart_but_not_their_spaces(
      String one, String other, boolean same) {
    assertThat(SqlStatement.digest(one).equals(SqlStatement.digest(other))).isEqualTo(same);
  }

  @Test
  void whatever_a_text_is_it_is_told_or_unclear() {
    Random random = new Random(8);
    String alphabet = " \n'\"`()[]{},.;$#-/*\\?abFROMJOININTOTABLEDROPselectWITH19_é";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder sql =
          new StringBuilder(i % 3 == 0 ? "SELECT * FROM " : i % 3 == 1 ? "ALTER TABLE a.b " : "");
      for (int n = random.nextInt(60); n > 0; n--) {
        sql.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      SqlStatement statement = SqlStatement.of(sql.toString(), "home");
      assertThat(statement.readOnly() && !statement.writes().isEmpty()).isFalse();
      assertThat(SqlStatement.digest(sql.toString())).hasSize(64);
    }
  }

  private static Set<String> words(String text) {
    return text == null
        ? Set.of()
        : text.contains("  ") || text.startsWith("q r")
            ? Set.of(text)
            : Arrays.stream(text.strip().split(" ")).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> text(Set<SqlName> names) {
    return names.stream().map(SqlName::toString).collect(Collectors.toCollection(TreeSet::new));
  }
}
