package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * The note that the owner of an embedded server leaves in its data folder ({@code
 * server.properties}, readable by its owner only), so that another process of the same user, such
 * as a command beside a serving Waybill, can ask the same server. Thread-safe.
 */
public final class RunningServer {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String FILE = "server.properties";

  private RunningServer() {}

  /**
   * The server that runs this data folder now.
   *
   * @param dataFolder the folder that was given to {@link EmbeddedSettings}
   * @return empty if none runs, also if a note is there but its server does not answer within two
   *     seconds
   * @throws EmbeddedClickHouseException if the note is there and cannot be read
   */
  public static Optional<ServerAddress> find(Path dataFolder) {
    Path file = dataFolder.resolve(FILE);
    try {
      return parse(Files.readString(file))
          .filter(it -> HttpProbe.answers(it.url(), it.user(), it.password(), PATIENCE));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new EmbeddedClickHouseException(
          "Cannot read %s (%s). Run this command as the user who runs Waybill.".formatted(file, e),
          e);
    }
  }

  static void write(Path dataFolder, ServerAddress address) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("url", address.url());
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password());
    properties.setProperty("port", Integer.toString(address.port()));
    properties.setProperty("pid", Long.toString(address.pid()));
    properties.setProperty("owner.pid", Long.toString(address.ownerPid()));
    StringWriter text = new StringWriter();
    properties.store(text, "The running embedded ClickHouse; removed when it stops");
    PrivateFiles.write(dataFolder.resolve(FILE), text.toString());
  }

  static void remove(Path dataFolder) throws IOException {
    Files.deleteIfExists(dataFolder.resolve(FILE));
  }

  private static Optional<ServerAddress> parse(String text) throws IOException {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
      return Optional.of(
          new ServerAddress(
              properties.getProperty("url", ""),
              properties.getProperty("user", ""),
              properties.getProperty("password", ""),
              Integer.parseInt(properties.getProperty("port", "")),
              Long.parseLong(properties.getProperty("pid", "")),
              Long.parseLong(properties.getProperty("owner.pid", ""))));
    } catch (IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }
}
