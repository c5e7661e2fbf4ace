package io.waybill.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Dashboard and alert rules ask for meters that there are, by labels that these have. */
final class MonitoringTest {
  private static final Path RULES = Path.of("monitoring/alerts.yml");
  private static final Path DASHBOARD = Path.of("monitoring/grafana.json");
  private static final Pattern SERIES = Pattern.compile("\\bwaybill_[a-z_]+");
  private static final Pattern BY = Pattern.compile("\\b(?:by|on) \\(([a-z, ]+)\\)");

  private static List<String> found(Pattern pattern, String text) {
    List<String> names = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(matcher.groupCount()));
    }
    return names;
  }

  private static List<?> rules() throws IOException {
    Object file = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(RULES));
    List<?> groups = (List<?>) ((Map<?, ?>) file).get("groups");
    return (List<?>) ((Map<?, ?>) groups.get(0)).get("rules");
  }

  @Test
  void rulesNameMetersThatThereAreAndSayWhatToDo() throws IOException {
    assertThat(rules())
        .isNotEmpty()
        .allSatisfy(
            each -> {
              Map<?, ?> rule = (Map<?, ?>) each;
              assertKnown(String.valueOf(rule.get("expr")));
              assertThat(String.valueOf(rule.get("alert"))).startsWith("Waybill");
              assertThat(((Map<?, ?>) rule.get("annotations")).keySet())
                  .extracting(String::valueOf)
                  .contains("summary", "description");
            });
  }

  @Test
  void panelsNameMetersThatThereAre() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
    List<String> expressions = dashboard.findValuesAsText("expr");
    assertThat(expressions).hasSizeGreaterThan(15).allSatisfy(MonitoringTest::assertKnown);
    assertThat(dashboard.findValuesAsText("title")).doesNotHaveDuplicates();
  }

  private static void assertKnown(String expression) {
    assertThat(found(SERIES, expression))
        .as(expression)
        .allSatisfy(series -> assertThat(Meter.allSeries()).contains(series));
    List<String> labels =
        Stream.concat(
                Stream.of("instance", "le"),
                Stream.of(Meter.values()).flatMap(meter -> meter.labels().stream()))
            .toList();
    assertThat(found(BY, expression))
        .allSatisfy(by -> assertThat(labels).contains(by.split(", *", -1)));
    assertThat(expression.chars().filter(letter -> letter == '(').count())
        .as(expression)
        .isEqualTo(expression.chars().filter(letter -> letter == ')').count());
  }

  @Test
  void promtoolTakesTheRules() throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool"))),
        "there is no promtool here");
    Process promtool =
        new ProcessBuilder("promtool", "check", "rules", RULES.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
  }
}
