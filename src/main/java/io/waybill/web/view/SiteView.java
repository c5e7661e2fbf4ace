package io.waybill.web.view;

import io.waybill.control.Serving;
import java.util.List;

/** What the home is made of. */
public final class SiteView {
  private SiteView() {}

  /** A connection and its credential, never a password. */
  public record Connection(
      @About("name that routes use") String name,
      @About("where it leads") String url,
      @About("as whom, by now; empty if that cannot be told") String user,
      @About("configuration, vault-kv, vault-lease or embedded") String origin,
      @About("where in Vault; may be empty") String path,
      @About(value = "when its credential ends", maybe = true, time = true) String expiresAt,
      @About("why there is no credential; may be empty") String trouble) {

    public static Connection of(Serving.Connection connection) {
      return new Connection(
          connection.name(),
          connection.url(),
          connection.user(),
          connection.origin(),
          connection.path(),
          Times.of(connection.expires()),
          connection.trouble());
    }
  }

  /** All connections. */
  public record Connections(@About("by name") List<Connection> connections) {
    public Connections {
      connections = List.copyOf(connections);
    }
  }

  /** A setting. */
  public record Setting(
      @About("key in application.properties") String key,
      @About("what holds; stars for a secret") String value,
      @About("what holds when nothing is said") String byDefault,
      @About("whether something is said") boolean changed,
      @About("what it means") String description) {

    public static Setting of(Serving.Setting setting) {
      return new Setting(
          setting.key(),
          setting.value(),
          setting.byDefault(),
          setting.changed(),
          setting.description());
    }
  }

  /** All settings. */
  public record Configuration(@About("in the order of the reference") List<Setting> settings) {
    public Configuration {
      settings = List.copyOf(settings);
    }
  }

  /** What is wrong now. */
  public record Checks(
      @About("flows that wait") List<HoldView> holds,
      @About("what is wrong with route files") List<String> problems) {
    public Checks {
      holds = List.copyOf(holds);
      problems = List.copyOf(problems);
    }
  }
}
