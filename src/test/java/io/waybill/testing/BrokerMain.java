package io.waybill.testing;

import java.nio.file.Path;

/** A broker as a process of its own, so that it can be killed; ends with its input. */
public final class BrokerMain {
  private BrokerMain() {}

  /**
   * Starts it.
   *
   * @param arguments folder and port
   */
  public static void main(String[] arguments) throws Exception {
    try (TestArtemis broker =
        TestArtemis.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]))) {
      System.out.println(broker.url());
      System.out.flush();
      while (System.in.read() != -1) {
        // nothing is said to it; the end of the input is what counts
      }
    }
  }
}
