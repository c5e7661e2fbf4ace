package io.waybill.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A real Artemis broker with a journal on disk, in a process of its own. */
public final class BrokerProcess implements AutoCloseable {
  private final Path folder;
  private final int port;
  private Process process;

  private BrokerProcess(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** Starts one. */
  public static BrokerProcess start(Path folder) throws IOException {
    BrokerProcess broker = new BrokerProcess(folder, TestArtemis.freePort());
    broker.restart();
    return broker;
  }

  /** Where it is. */
  public String url() {
    return "tcp://127.0.0.1:" + port;
  }

  /** Starts it again on what it left; returns when it answers. */
  public void restart() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            BrokerMain.class.getName(),
            folder.toString(),
            Integer.toString(port));
    builder.redirectError(folder.resolve("broker.err").toFile());
    process = builder.start();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = said.readLine();
    while (line != null && !line.equals(url())) {
      line = said.readLine();
    }
    if (line == null) {
      throw new IOException("the broker does not start; see " + folder.resolve("broker.err"));
    }
  }

  /** SIGKILL; returns when it is dead. */
  public void kill9() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill9();
  }
}
