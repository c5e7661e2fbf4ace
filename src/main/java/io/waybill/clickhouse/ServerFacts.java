package io.waybill.clickhouse;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a server says of itself.
 *
 * @param version for instance 26.7.2.1
 * @param host its name
 * @param settings names of the settings that it knows
 */
public record ServerFacts(String version, String host, Set<String> settings) {

  /**
   * The oldest ClickHouse that is accepted: 24.8, a long-term release. Settings that it does not
   * know are left out; that a batch is one block there as well follows from its documentation and
   * was not tried: the tests run against 26.7.
   */
  public static final String OLDEST = "24.8";

  /** Asks. */
  public static ServerFacts ask(ClickHouseClient client) {
    List<String> who = client.lines("SELECT version() UNION ALL SELECT hostName()");
    return new ServerFacts(
        client.lines("SELECT version()").get(0),
        who.isEmpty() ? "" : client.lines("SELECT hostName()").get(0),
        new TreeSet<>(client.lines("SELECT name FROM system.settings")));
  }

  /** Whether it is at least this old a version, such as 24.8. */
  public boolean isAtLeast(String oldest) {
    String[] mine = version.split("\\.", -1);
    String[] theirs = oldest.split("\\.", -1);
    for (int i = 0; i < theirs.length; i++) {
      int difference = Integer.compare(Integer.parseInt(mine[i]), Integer.parseInt(theirs[i]));
      if (difference != 0) {
        return difference > 0;
      }
    }
    return true;
  }
}
