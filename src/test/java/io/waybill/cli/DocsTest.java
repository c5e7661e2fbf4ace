package io.waybill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.Example;
import io.waybill.app.Setting;
import io.waybill.camel.ClickHouseEndpoint;
import io.waybill.camel.WaitingEndpoint;
import io.waybill.camel.WaybillEndpoint;
import io.waybill.ledger.AuditTable;
import io.waybill.metrics.Meter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The tables in the docs say what the code says. Each stands between {@code <!-- begin: NAME -->}
 * and {@code <!-- end -->}; a failure shows the text to put there, and {@code
 * -Dwaybill.docs.write=true} puts it there.
 */
class DocsTest {
  private static final Path MAIN = Path.of("src/main/java/io/waybill");

  @Test
  void readmeListsTheCommands() {
    List<List<String>> rows = new ArrayList<>();
    Main.commandLine()
        .getSubcommands()
        .forEach((name, line) -> rows.add(command(name, line.getCommandSpec())));
    check("README.md", "commands", List.of("command", "does"), rows);
  }

  private static List<String> command(String name, CommandSpec spec) {
    String parameters =
        spec.positionalParameters().stream()
            .map(DocsTest::parameter)
            .collect(Collectors.joining(" "));
    String[] text =
        spec.usageMessage().header().length > 0
            ? spec.usageMessage().header()
            : spec.usageMessage().description();
    String description = String.join(" ", text);
    // the first sentence; the rest is in the command's own help
    return List.of(
        code((name + " " + parameters).strip()), description.replaceFirst("\\.\\s.*", "."));
  }

  private static String parameter(PositionalParamSpec parameter) {
    String many = parameter.isMultiValue() ? ".." : "";
    return parameter.required()
        ? parameter.paramLabel() + many
        : "[" + parameter.paramLabel() + many + "]";
  }

  @Test
  void routesListTheOptionsOfWaybill() {
    checkOptions("waybill-options", WaybillEndpoint.class);
  }

  @Test
  void routesListTheOptionsOfWaybillAfter() {
    checkOptions("after-options", WaitingEndpoint.class);
  }

  @Test
  void routesListTheOptionsOfClickHouse() {
    checkOptions("clickhouse-options", ClickHouseEndpoint.class);
  }

  private static void checkOptions(String table, Class<?> endpoint) {
    check("docs/routes.md", table, List.of("option", "default", "meaning"), options(endpoint));
  }

  private static List<List<String>> options(Class<?> type) {
    List<List<String>> rows = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      UriPath path = field.getAnnotation(UriPath.class);
      UriParam option = field.getAnnotation(UriParam.class);
      if (path != null) {
        rows.add(List.of(code(field.getName()) + " (path)", "", path.description()));
      } else if (option != null && field.getType().isAnnotationPresent(UriParams.class)) {
        rows.addAll(options(field.getType()));
      } else if (option != null) {
        String name = option.prefix().isEmpty() ? field.getName() : option.prefix() + "NAME";
        rows.add(List.of(code(name), code(option.defaultValue()), option.description()));
      }
    }
    return rows;
  }

  @Test
  void routesListTheHeadersOfWaybill() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String[] header : headers("WaybillHeaders")) {
      String[] parts = header[1].split("\\. ", 2);
      rows.add(List.of(code(header[0]), parts[0], parts[1]));
    }
    check("docs/routes.md", "waybill-headers", List.of("header", "type", "meaning"), rows);
  }

  @Test
  void routesListTheHeadersOfClickHouse() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String[] header : headers("ClickHouseHeaders")) {
      String[] parts = header[1].split("\\. ", 3);
      rows.add(List.of(code(header[0]), parts[0].toLowerCase(Locale.ROOT), parts[1], parts[2]));
    }
    check(
        "docs/routes.md",
        "clickhouse-headers",
        List.of("header", "direction", "type", "meaning"),
        rows);
  }

  /** Value and Javadoc of each constant. */
  private static List<String[]> headers(String type) throws IOException {
    String source = Files.readString(MAIN.resolve("camel/" + type + ".java"));
    Matcher constant =
        Pattern.compile(
                "/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\\s*public static final String \\w+ =\\s*\"(\\w+)\"")
            .matcher(source);
    List<String[]> found = new ArrayList<>();
    while (constant.find()) {
      String text =
          constant
              .group(1)
              .replaceAll("\\s*\\n\\s*\\*?\\s*", " ")
              .replaceAll("\\{@code\\s+([^}]*)}", "`$1`")
              .strip();
      found.add(new String[] {constant.group(2), text});
    }
    return found;
  }

  @Test
  void routesListTheExamples() {
    check(
        "docs/routes.md",
        "examples",
        List.of("example", "shows"),
        Example.all().stream()
            .map(example -> List.of(code(example.name()), example.about()))
            .toList());
  }

  @Test
  void operationsListTheSettings() {
    check(
        "docs/operations.md",
        "settings",
        List.of("key", "environment", "default", "meaning"),
        Arrays.stream(Setting.values())
            .map(
                setting ->
                    List.of(
                        code(setting.key()),
                        code(setting.environment()),
                        code(setting.defaultValue()),
                        setting.description()))
            .toList());
  }

  @Test
  void metricsListTheMeters() {
    check(
        "docs/metrics.md",
        "meters",
        List.of("metric", "kind", "unit", "labels", "meaning"),
        Arrays.stream(Meter.values())
            .map(
                meter ->
                    List.of(
                        code(meter.meterName()),
                        meter.kind().label(),
                        meter.unit(),
                        String.join(", ", meter.labels()),
                        meter.description()))
            .toList());
  }

  @Test
  void operationsListTheExitCodes() {
    List<List<String>> rows = new ArrayList<>();
    Main.commandLine()
        .getCommandSpec()
        .usageMessage()
        .exitCodeList()
        .forEach((code, meaning) -> rows.add(List.of(code, meaning)));
    check("docs/operations.md", "exit-codes", List.of("code", "meaning"), rows);
  }

  @Test
  void operationsListTheColumnsOfTheAuditTable() {
    Matcher column =
        Pattern.compile("`(\\w+)` (.+?) COMMENT '(.*?)'").matcher(AuditTable.createTable());
    List<List<String>> rows = new ArrayList<>();
    while (column.find()) {
      rows.add(List.of(code(column.group(1)), code(column.group(2)), column.group(3)));
    }
    assertThat(rows).hasSameSizeAs(AuditTable.columns());
    check("docs/operations.md", "audit-columns", List.of("column", "type", "meaning"), rows);
  }

  @Test
  void operationsHaveASectionForEachReasonThatWaybillGives() throws IOException {
    Pattern reason =
        Pattern.compile(
            "(?:new Failure\\(|Finding\\.(?:hold|warn)\\(|new Finding\\(|notReached\\()[^;]*?"
                + "\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\"");
    TreeSet<String> names = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(MAIN)) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        Matcher found = reason.matcher(Files.readString(source));
        while (found.find()) {
          names.add(found.group(1));
        }
      }
    }
    String operations = Files.readString(Path.of("docs/operations.md"));
    assertThat(names).contains("NO_WINDOW", "SCHEMA_DRIFT", "CONNECTION_REFUSED");
    assertThat(names)
        .allSatisfy(
            name ->
                assertThat(Pattern.compile("(?m)^#### .*\\b" + name + "\\b").matcher(operations))
                    .as("docs/operations.md lacks a heading '#### %s'", name)
                    .satisfies(heading -> assertThat(heading.find()).isTrue()));
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    Pattern link = Pattern.compile("]\\((?!http)([^)#]*)(?:#([^)]*))?\\)");
    for (String document :
        List.of(
            "README.md",
            "CONTRIBUTING.md",
            "CHANGELOG.md",
            "docs/routes.md",
            "docs/operations.md",
            "docs/metrics.md",
            "docs/design.md",
            "docs/guarantee.md")) {
      Path file = Path.of(document);
      Matcher found = link.matcher(Files.readString(file));
      while (found.find()) {
        Path target = found.group(1).isEmpty() ? file : file.resolveSibling(found.group(1));
        assertThat(target).as("link in %s", document).exists();
        if (found.group(2) != null) {
          assertThat(anchors(target)).as("link in %s", document).contains(found.group(2));
        }
      }
    }
  }

  /** As they are made of headings. */
  private static List<String> anchors(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9_ -]", "").replace(' ', '-'))
        .toList();
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  private static void check(
      String document, String table, List<String> head, List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(row(head));
    lines.add(row(head.stream().map(cell -> "---").toList()));
    rows.forEach(cells -> lines.add(row(cells)));
    String expected = String.join("\n", lines);
    String begin = "<!-- begin: " + table + " -->\n";
    String end = "\n<!-- end -->";
    try {
      Path file = Path.of(document);
      String text = Files.readString(file);
      int from = text.indexOf(begin);
      assertThat(from).as("%s lacks '%s'", document, begin.strip()).isNotNegative();
      int to = text.indexOf(end, from + begin.length() - 1);
      if (Boolean.getBoolean("waybill.docs.write")) {
        Files.writeString(
            file, text.substring(0, from + begin.length()) + expected + text.substring(to));
        return;
      }
      assertThat(text.substring(from + begin.length(), Math.max(to, from + begin.length())))
          .as("put this into %s behind '%s':%n%s%n", document, begin.strip(), expected)
          .isEqualTo(expected);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
