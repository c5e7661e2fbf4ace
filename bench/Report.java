import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Prints the results of {@code bench/run} as markdown: medians, and in brackets the smallest and
 * the largest. A ratio is taken within each round, against curl in that round.
 *
 * <p>Usage: {@code java bench/Report.java results.tsv}
 */
public final class Report {
  private static final String BASE = "curl";

  private record Load(String input, int round, String loader, long micros, long peak, long start) {
    static Load parse(String line) {
      String[] f = line.split("\t");
      return new Load(
          f[0],
          Integer.parseInt(f[1]),
          f[2],
          Long.parseLong(f[3]),
          Long.parseLong(f[4]),
          Long.parseLong(f[5]));
    }
  }

  private Report() {}

  public static void main(String[] args) throws IOException {
    Map<String, List<Load>> inputs = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      Load load = Load.parse(line);
      inputs.computeIfAbsent(load.input(), key -> new ArrayList<>()).add(load);
    }
    inputs.forEach((input, loads) -> table(input, loads.get(0), loads.subList(1, loads.size())));
  }

  /** The first line of an input holds its rows and bytes in place of time and memory. */
  private static void table(String input, Load size, List<Load> loads) {
    double rows = size.micros();
    double bytes = size.peak();
    System.out.printf(Locale.ROOT, "%n### %s: %,.0f rows, %.0f MB%n%n", input, rows, bytes / 1e6);
    System.out.println("| loader | seconds | rows/s | MB/s | rows/s against curl | peak memory |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    Map<Integer, Double> base = new LinkedHashMap<>();
    loads.stream()
        .filter(l -> l.loader().equals(BASE))
        .forEach(l -> base.put(l.round(), (double) l.micros()));
    Map<String, List<Load>> loaders = new LinkedHashMap<>();
    loads.stream()
        .sorted(Comparator.comparingInt(l -> rank(l.loader())))
        .forEach(l -> loaders.computeIfAbsent(l.loader(), key -> new ArrayList<>()).add(l));
    loaders.forEach(
        (loader, of) -> {
          double seconds = median(of, l -> l.micros() / 1e6);
          System.out.printf(
              Locale.ROOT,
              "| %s | %s | %,.0f | %.0f | %s | %s |%n",
              loader,
              spread(of, l -> l.micros() / 1e6),
              rows / seconds,
              bytes / 1e6 / seconds,
              base.isEmpty() ? "" : spread(of, l -> base.get(l.round()) / l.micros()),
              of.get(0).peak() == 0 ? "" : "%.0f MB".formatted(max(of, l -> l.peak() / 1e3)));
        });
    List<Load> started = loads.stream().filter(l -> l.start() > 0).toList();
    if (!started.isEmpty()) {
      System.out.printf(
          "%nWaybill, from process start to the first batch at the server: %s s.%n",
          spread(started, l -> l.start() / 1e6));
    }
  }

  private static int rank(String loader) {
    return loader.startsWith(BASE) ? 0 : loader.startsWith("waybill") ? 1 : 2;
  }

  private static String spread(List<Load> loads, ToDoubleFunction<Load> value) {
    double[] all = sorted(loads, value);
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", median(loads, value), all[0], all[all.length - 1]);
  }

  private static double median(List<Load> loads, ToDoubleFunction<Load> value) {
    double[] all = sorted(loads, value);
    int middle = all.length / 2;
    return all.length % 2 == 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
  }

  private static double max(List<Load> loads, ToDoubleFunction<Load> value) {
    double[] all = sorted(loads, value);
    return all[all.length - 1];
  }

  private static double[] sorted(List<Load> loads, ToDoubleFunction<Load> value) {
    return loads.stream().mapToDouble(value).sorted().toArray();
  }
}
