package io.waybill.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.camel.RouteProblem;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.testing.TestHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recipes stay loadable with nothing set but what their comments ask for: a component or an
 * option that is gone fails here.
 */
@Timeout(180)
class ExamplesIT {
  @TempDir Path folder;

  @Test
  void everyExampleLoadsAsAFlowBesideTheOthers() throws Exception {
    Home home = new Home(TestHome.onTestClickHouse(folder).folder());
    for (Example example : flows()) {
      example.writeTo(home);
      Files.write(home.properties(), needed(example), StandardOpenOption.APPEND);
    }
    WaybillConfig config = WaybillConfig.load(home.properties(), Map.of());
    try (Check check = Check.of(home, config, DownloadListener.SILENT)) {
      // s3: asks its server as soon as it is loaded; its options were accepted by then
      List<RouteProblem> away =
          check.problems().stream()
              .filter(problem -> problem.reason().contains("Connection refused"))
              .toList();
      assertThat(check.problems()).containsExactlyElementsOf(away);
      assertThat(
              Stream.concat(
                      check.flows().stream().map(Check.Flow::file),
                      away.stream().map(RouteProblem::file))
                  .distinct())
          .containsExactlyInAnyOrderElementsOf(
              flows().stream().map(example -> "routes/" + example.file()).toList());
    }
  }

  /** Those for alerts take the place of one another; AlertsIT runs them. */
  private static List<Example> flows() {
    return Example.all().stream().filter(example -> !example.isForAlerts()).toList();
  }

  /** What its comments say that application.properties needs: components without a default. */
  private static List<String> needed(Example example) {
    return example
        .text()
        .lines()
        .filter(line -> line.matches("# +camel[.]component[.]\\S+ *=.*"))
        .map(line -> line.replaceFirst("# +", ""))
        .toList();
  }

  @Test
  void everyExampleSaysInItsFirstLineWhatItShows() {
    assertThat(Example.all())
        .extracting(Example::name)
        .contains("file", "timer")
        .doesNotHaveDuplicates();
    assertThat(Example.all()).allSatisfy(example -> assertThat(example.about()).endsWith("."));
  }
}
