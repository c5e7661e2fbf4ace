package io.waybill.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** A Kafka broker of one node: {@code KafkaMain server.properties CLUSTER_ID}. */
final class KafkaMain {
  private KafkaMain() {}

  public static void main(String[] arguments) {
    Path properties = Path.of(arguments[0]);
    if (!Files.exists(properties.resolveSibling("log").resolve("meta.properties"))) {
      kafka.tools.StorageTool.execute(
          new String[] {"format", "-t", arguments[1], "-c", properties.toString()}, System.out);
    }
    kafka.Kafka.main(new String[] {properties.toString()});
  }
}
