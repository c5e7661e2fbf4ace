package io.waybill.clickhouse.embedded;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for a clickhouse binary: takes its arguments, answers every request, notes that it was
 * asked to stop.
 */
final class StandInClickHouse {
  private static final String CONFIG = "--config-file=";

  private StandInClickHouse() {}

  public static void main(String[] args) throws IOException {
    if (!args[0].equals("server") || !args[1].startsWith(CONFIG)) {
      throw new IllegalArgumentException(String.join(" ", args));
    }
    Path config = Path.of(args[1].substring(CONFIG.length()));
    Matcher port =
        Pattern.compile("<http_port>(\\d+)</http_port>").matcher(Files.readString(config));
    if (!port.find()) {
      throw new IllegalArgumentException("no port");
    }
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1))),
            0);
    server.createContext("/", StandInClickHouse::answer);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> note(config)));
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private static void note(Path config) {
    try {
      Files.writeString(config.resolveSibling("stopped-by-sigterm"), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An executable {@code clickhouse} in {@code folder} that runs this class. */
  static Path install(Path folder) throws IOException {
    return Scripts.write(
        folder.resolve("clickhouse"),
        "exec '%s/bin/java' -Xmx32m -cp '%s' %s \"$@\""
            .formatted(
                System.getProperty("java.home"),
                System.getProperty("java.class.path"),
                StandInClickHouse.class.getName()));
  }
}
