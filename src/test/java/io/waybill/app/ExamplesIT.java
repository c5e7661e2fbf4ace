package io.waybill.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.testing.TestHome;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The recipes stay loadable with nothing set: a component or an option that is gone fails here. */
@Timeout(180)
class ExamplesIT {
  @TempDir Path folder;

  @Test
  void everyExampleLoadsAsAFlowBesideTheOthers() throws Exception {
    Home home = new Home(TestHome.onTestClickHouse(folder).folder());
    for (Example example : Example.all()) {
      example.writeTo(home);
    }
    WaybillConfig config = WaybillConfig.load(home.properties(), Map.of());
    try (Check check = Check.of(home, config, DownloadListener.SILENT)) {
      assertThat(check.problems()).isEmpty();
      assertThat(check.flows().stream().map(Check.Flow::file).distinct())
          .containsExactlyInAnyOrderElementsOf(
              Example.all().stream().map(example -> "routes/" + example.file()).toList());
    }
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
