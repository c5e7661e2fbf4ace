package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that nobody offers twice: they are in the spool before the first batch is planned. */
final class BodiesIT {
  private static final String FLOW = "bodies";
  private static final int MANY = 20_000;

  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void aTable() {
    home = RoadHome.in(folder).table(FLOW, "id UInt64, text String");
    home.set("waybill.once.idle", "2s"); // a timer's thread may be slow to start
  }

  private void flow(String from, String steps, String options) {
    home.route(
        FLOW,
        """
        - route:
            id: bodies
            from:
              uri: %s
              steps:
        %s        - to: %s
        """
            .formatted(from, steps.indent(8), home.target(FLOW, options)));
  }

  private void assertPapers() {
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
  }

  private List<String> spool() {
    return home.files("data/spool/" + FLOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java.lang.String", "byte[]", "java.io.InputStream"})
  void aBodyOfATimerIsDeliveredOnce(String type) {
    flow(
        "timer:once?repeatCount=1&delay=0",
        """
        - setBody:
            constant: "1\\ta\\n2\\tb\\n3\\tc\\n"
        - convertBodyTo:
            type: "%s"
        """
            .formatted(type),
        "format=TSV&batchRows=2");
    home.once();
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "2\tb", "3\tc");
    assertThat(spool()).isEmpty();
    assertPapers();
  }

  @Test
  void aFileAsBodyIsReadWhereItIs() {
    flow(
        "file:in/bodies?noop=true&initialDelay=0&delay=50",
        "- convertBodyTo: {type: java.io.File}\n",
        "batchRows=2");
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n3,c\n");
    home.once();
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "2\tb", "3\tc");
    assertPapers();
  }

  @Test
  void aBodyThatCouldNotBeDeliveredWaitsInTheSpool() throws IOException {
    home.write(
        "routes/waybill/deliver.camel.yaml",
        """
        - route:
            id: waybill-deliver
            from:
              uri: direct:waybill-deliver
              steps:
                - log: nothing is delivered here
        """);
    flow(
        "timer:once?repeatCount=1&delay=0",
        "- setBody: {constant: \"1\\ta\\n2\\tb\\n3\\tc\\n\"}\n",
        "format=TSV&batchRows=2");
    assertThat(home.once().holds()).hasSize(1);
    assertThat(spool()).hasSize(2);
    assertThat(home.rows(FLOW, "id")).isEmpty();

    Files.delete(folder.resolve("routes/waybill/deliver.camel.yaml"));
    flow("direct:nobody", "", "format=TSV&batchRows=2");
    home.once();
    assertThat(home.rows(FLOW, "id, text")).containsExactly("1\ta", "2\tb", "3\tc");
    assertThat(spool()).isEmpty();
    assertPapers();
  }

  @Test
  void aBodyOutlivesAKill() {
    StringBuilder body = new StringBuilder();
    IntStream.rangeClosed(1, MANY).forEach(id -> body.append(id).append("\\tx\\n"));
    flow(
        "timer:once?repeatCount=1&delay=0",
        "- setBody: {constant: \"%s\"}\n".formatted(body),
        "format=TSV&batchRows=100");
    try (Child child = home.child()) {
      Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(60))
          .until(() -> home.batches().size() >= 20 || !child.isAlive());
      assertThat(child.isAlive()).as(child.output()).isTrue();
      child.kill9();
    }
    assertThat(home.states(FLOW)).doesNotContain("completed");
    flow("direct:nobody", "", "format=TSV&batchRows=100");
    home.once();
    assertThat(home.rows(FLOW, "id, text"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, MANY).mapToObj(id -> id + "\tx").toList());
    assertThat(home.states(FLOW)).containsExactly("completed");
    assertThat(spool()).isEmpty();
    assertPapers();
  }
}
