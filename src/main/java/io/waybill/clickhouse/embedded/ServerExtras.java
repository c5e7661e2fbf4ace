package io.waybill.clickhouse.embedded;

import java.util.List;

/**
 * What goes into the server's configuration beside Waybill's own. Trusted XML: it is put in as it
 * is. Immutable.
 *
 * <p>The embedded ClickHouse knows no {@code CREATE USER}: a user has to be defined here, for
 * example {@code
 * <reader><password>r</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
 * <grants><query>GRANT SELECT ON *.*</query></grants></reader>}. Who may create tables needs {@code
 * GRANT TABLE ENGINE ON *} too.
 *
 * @param users elements for {@code <users>} of users.xml
 * @param profiles elements for {@code <profiles>}; the profile {@code default} is there already
 * @param server elements for the root of config.xml
 */
public record ServerExtras(List<String> users, List<String> profiles, List<String> server) {

  /** Nothing beside Waybill's own. */
  public static final ServerExtras NONE = new ServerExtras(List.of(), List.of(), List.of());

  /** Copies the lists. */
  public ServerExtras {
    users = List.copyOf(users);
    profiles = List.copyOf(profiles);
    server = List.copyOf(server);
  }
}
