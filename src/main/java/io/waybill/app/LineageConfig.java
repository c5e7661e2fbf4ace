package io.waybill.app;

import io.waybill.secret.Secret;
import java.nio.file.Path;

/**
 * Where OpenLineage events go.
 *
 * @param transport the way
 * @param file the file that they are appended to, absolute
 * @param url where they are posted to; empty for nowhere
 * @param apiKey bearer token there; may be empty
 * @param namespace of jobs
 * @param queue how many may wait before further ones are dropped
 */
public record LineageConfig(
    Transport transport, Path file, String url, Secret apiKey, String namespace, int queue) {
  private static final int MOST = 1_000_000;

  /** Ways of events. */
  public enum Transport {
    OFF,
    FILE,
    HTTP
  }

  static LineageConfig of(SettingParser parser, Path folder) {
    String transport = parser.oneOf(Setting.LINEAGE_TRANSPORT, "off", "file", "http");
    String url =
        parser.address(
            Setting.LINEAGE_URL, transport.equals("http"), "http://marquez:5000/api/v1/lineage");
    return new LineageConfig(
        switch (transport) {
          case "file" -> Transport.FILE;
          case "http" -> Transport.HTTP;
          default -> Transport.OFF;
        },
        folder.resolve(parser.text(Setting.LINEAGE_FILE)).normalize(),
        url,
        Secret.of(parser.text(Setting.LINEAGE_API_KEY)),
        parser.text(Setting.LINEAGE_NAMESPACE),
        parser.number(Setting.LINEAGE_QUEUE, 1, MOST));
  }
}
