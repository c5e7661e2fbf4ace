package io.waybill.camel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.util.ObjectHelper;
import org.apache.camel.util.URISupport;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Finds out of an exception from loading a route file what a person has to look at, and where. */
final class RouteProblems {
  private static final Pattern COMPILER = Pattern.compile("\\.java:(\\d+): error: ([^\n]*)");
  private static final Pattern BECAUSE = Pattern.compile(" due to: (.*)", Pattern.DOTALL);
  private static final Pattern BINDING =
      Pattern.compile("^Error binding property \\((\\w+)=.* with value: .*", Pattern.DOTALL);
  private static final Pattern UNKNOWN_OPTIONS =
      Pattern.compile("Unknown parameters=\\[\\{(.*)}]", Pattern.DOTALL);
  private static final Map<String, Class<?>> OWN =
      Map.of("waybill", WaybillEndpoint.class, "clickhouse", ClickHouseEndpoint.class);
  private final CamelContext context;
  private final String name;
  private final Path file;

  /**
   * For one file.
   *
   * @param name the file as a person calls it
   */
  RouteProblems(CamelContext context, String name, Path file) {
    this.context = context;
    this.name = name;
    this.file = file;
  }

  RouteProblem of(Throwable thrown) {
    MarkedYamlEngineException yaml =
        ObjectHelper.getException(MarkedYamlEngineException.class, thrown);
    if (yaml != null) {
      return ofYaml(yaml);
    }
    ResolveEndpointFailedException endpoint =
        ObjectHelper.getException(ResolveEndpointFailedException.class, thrown);
    if (endpoint != null) {
      return ofEndpoint(endpoint);
    }
    NoSuchEndpointException scheme =
        ObjectHelper.getException(NoSuchEndpointException.class, thrown);
    if (scheme != null) {
      return ofScheme(scheme.getUri());
    }
    Matcher compiler = COMPILER.matcher(String.valueOf(thrown.getMessage()));
    if (compiler.find()) {
      return new RouteProblem(
          name, Integer.parseInt(compiler.group(1)), 0, "does not compile: " + compiler.group(2));
    }
    return new RouteProblem(name, 0, 0, reason(thrown));
  }

  private RouteProblem ofYaml(MarkedYamlEngineException yaml) {
    int line = yaml.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
    int column = yaml.getProblemMark().map(Mark::getColumn).orElse(-1) + 1;
    String context = yaml.getContext() == null ? "" : yaml.getContext() + ", ";
    String problem = yaml.getProblem() == null ? reason(yaml) : yaml.getProblem();
    return new RouteProblem(name, line, column, firstLine(context + problem));
  }

  private RouteProblem ofEndpoint(ResolveEndpointFailedException endpoint) {
    Matcher because = BECAUSE.matcher(String.valueOf(endpoint.getMessage()));
    String reason = because.find() ? because.group(1) : reason(endpoint);
    Matcher unknown = UNKNOWN_OPTIONS.matcher(reason);
    if (unknown.find()) {
      reason = unknownOptions(endpoint.getUri().replaceFirst(":.*", ""), unknown.group(1));
    }
    reason = BINDING.matcher(reason).replaceFirst("the value of $1 does not fit");
    String uri = URISupport.sanitizeUri(endpoint.getUri());
    return new RouteProblem(
        name, lineOf(endpoint.getUri()), 0, uri + ": " + oneLine(URISupport.sanitizeUri(reason)));
  }

  /** Names only: a value may be a secret. */
  private String unknownOptions(String scheme, String options) {
    Set<String> known = optionsOf(scheme);
    return Pattern.compile(", ")
        .splitAsStream(options)
        .map(option -> option.replaceFirst("=(?s).*", ""))
        .map(
            option ->
                "%s has no option %s%s"
                    .formatted(
                        scheme,
                        option,
                        Distance.nearest(option, known)
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse("")))
        .collect(Collectors.joining(", "));
  }

  private Set<String> optionsOf(String scheme) {
    EndpointUriFactory ofCamel = context.getCamelContextExtension().getEndpointUriFactory(scheme);
    if (ofCamel != null) {
      return ofCamel.propertyNames();
    }
    return Stream.ofNullable(OWN.get(scheme))
        .flatMap(RouteProblems::options)
        .collect(Collectors.toSet());
  }

  private static Stream<String> options(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> field.isAnnotationPresent(UriParam.class))
        .flatMap(
            field ->
                field.getType().isAnnotationPresent(UriParams.class)
                    ? options(field.getType())
                    : Stream.of(field.getName()));
  }

  private RouteProblem ofScheme(String uri) {
    String shown = URISupport.sanitizeUri(uri);
    return new RouteProblem(
        name,
        lineOf(uri),
        0,
        "%s: there is no component '%s'; correct it, or add its Camel jar to the build"
            .formatted(shown, uri.replaceFirst(":.*", "")));
  }

  /** The first line that names the endpoint: by its whole beginning, else by its scheme. */
  private int lineOf(String uri) {
    String beginning = uri.replace("://", ":").replaceFirst("\\?.*", "");
    int line = lineWith(beginning);
    return line > 0 ? line : lineWith(beginning.replaceFirst(":.*", ""));
  }

  private int lineWith(String text) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      return 0; // the place is a courtesy, the reason is what counts
    }
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).replace("://", ":").contains(text)) {
        return i + 1;
      }
    }
    return 0;
  }

  private static String reason(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof FailedToCreateRouteException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : oneLine(message);
  }

  private static String firstLine(String text) {
    return text.strip().replaceFirst("\\s*\n.*(?s)", "");
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\n\\s*", " ");
  }
}
