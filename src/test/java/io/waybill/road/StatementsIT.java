package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.testing.TestClickHouse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the steps of a flow ask ClickHouse carries the papers of its run, as the query log has them.
 */
@Timeout(120)
final class StatementsIT {
  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void aTableForWhatTheStepsWrite() {
    home = RoadHome.in(folder).table("flow", "id UInt64");
    TestClickHouse.execute(
        "CREATE TABLE %s.seen (step String, n UInt64) ENGINE = MergeTree ORDER BY step"
            .formatted(home.database()));
  }

  private void runWithStep(String step) {
    home.route(
        "flow",
        """
        - route:
            id: flow
            from:
              uri: file:in/flow?noop=true&initialDelay=0&delay=50
              steps:
                - to: %s
        %s
        """
            .formatted(home.target("flow", ""), step.indent(8).stripTrailing()));
    home.drop("flow", "a.csv", "id\n1\n2\n");
    RoadHome.Ended ended = home.once();
    assertThat(ended.holds()).isEmpty();
    assertThat(ended.problems()).isEmpty();
    assertThat(home.states("flow")).containsExactly("completed");
  }

  /** log_comment, and whether the query id begins with the run and goes on. */
  private void assertPapers(int statements) {
    String run = home.runs("flow").get(0).id();
    TestClickHouse.execute("SYSTEM FLUSH LOGS");
    String logged =
        TestClickHouse.query(
            """
            SELECT log_comment, startsWith(query_id, '%s-') AND length(query_id) > length('%1$s-')
            FROM system.query_log WHERE type = 'QueryFinish' AND query_kind = 'Insert'
            AND has(tables, '%2$s.seen') ORDER BY event_time_microseconds FORMAT TSVRaw"""
                .formatted(run, home.database()));
    String papers = "{\"flow\":\"flow\",\"run\":\"" + run + "\"}\t1";
    assertThat(logged.lines())
        .containsExactlyElementsOf(java.util.Collections.nCopies(statements, papers));
  }

  @Test
  void aJdbcStepOfAFlow() {
    runWithStep(
        """
        - setBody:
            constant: INSERT INTO %s.seen SELECT 'jdbc', count() FROM %1$s.flow
        - to: jdbc:clickhouse?resetAutoCommit=false
        """
            .formatted(home.database()));
    assertThat(home.rows("seen", "step, n")).containsExactly("jdbc\t2");
    assertPapers(1);
  }

  @Test
  void aSqlStepWithParameters() {
    runWithStep(
        """
        - to: "sql:INSERT INTO %s.seen SELECT :#step, count() FROM %1$s.flow?dataSource=#clickhouse"
        """
            .formatted(home.database())
            .replaceFirst("- to", "- setHeader:\n    name: step\n    constant: sql\n- to"));
    assertThat(home.rows("seen", "step, n")).containsExactly("sql\t2");
    assertPapers(1);
  }

  @Test
  void twoStepsAndOneOfADynamicAddress() {
    String insert = "sql:INSERT INTO %s.seen SELECT '%s', 1?dataSource=#clickhouse";
    runWithStep(
        "- to: \"%s\"\n- toD: \"%s\"\n"
            .formatted(
                insert.formatted(home.database(), "one"),
                insert.formatted(home.database(), "${header.CamelWaybillOutcome}")));
    assertThat(home.rows("seen", "step, n")).isEqualTo(List.of("completed\t1", "one\t1"));
    assertPapers(2);
  }

  @Test
  void aClickHouseStepCarriesThemInItsComment() {
    runWithStep(
        """
        - setBody:
            constant: SELECT getSetting('log_comment')
        - to: clickhouse:%s?operation=query&format=TSVRaw
        - to: file:out?fileName=comment
        """
            .formatted(home.database()));
    assertThat(folder.resolve("out/comment"))
        .hasContent("{\"flow\":\"flow\",\"run\":\"" + home.runs("flow").get(0).id() + "\"}\n");
  }
}
