package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
  @TempDir Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private int atHome(String... arguments) {
    return execute(
        Stream.concat(Stream.of(arguments), Stream.of("--home", home.toString()))
            .toArray(String[]::new));
  }

  static List<String> commands() {
    return List.copyOf(Main.commandLine().getSubcommands().keySet());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHelps(String command) {
    assertThat(execute("help", command)).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Usage: waybill " + command);
    CommandLine.Model.CommandSpec spec =
        Main.commandLine().getSubcommands().get(command).getCommandSpec();
    assertThat(spec.usageMessage().description()).isNotEmpty();
    assertThat(spec.options()).allSatisfy(option -> assertThat(option.description()).isNotEmpty());
    assertThat(spec.positionalParameters())
        .allSatisfy(parameter -> assertThat(parameter.description()).isNotEmpty());
  }

  @Test
  void helpListsTheExitCodes() {
    assertThat(execute("--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("0   all delivered", "1   delivered, with dead letters")
        .contains("2   wrong usage or configuration", "3   held, failed or denied");
  }

  @Test
  void versionTellsWhatItRunsOn() {
    assertThat(execute("--version")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("waybill ", "java " + Runtime.version());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "runn", "show", "sql", "runs --limit x", "runs --limit 0", "flows a"})
  void wrongUsageIsExitCodeTwo(String line) {
    assertThat(execute(line.isEmpty() ? new String[0] : line.split(" ", -1)))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).isNotBlank().doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"flows", "runs"})
  void listingsOfAFreshHomeAreEmpty(String command) throws Exception {
    assertThat(atHome(command, "--json")).isEqualTo(ExitCode.OK);
    JsonNode printed = new ObjectMapper().readTree(out.toString());
    JsonNode answer = printed.isArray() ? printed : printed.get(command);
    assertThat(answer.isArray()).isTrue();
    assertThat(answer).isEmpty();
    out.getBuffer().setLength(0);
    assertThat(atHome(command)).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("no " + command + " yet");
  }

  @Test
  void unknownRunIsWrongUsageAndTellsWhereRunsAreListed() {
    assertThat(atHome("show", "r9")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("'r9'", "./waybill runs");
  }
}
