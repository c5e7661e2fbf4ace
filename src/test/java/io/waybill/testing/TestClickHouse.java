package io.waybill.testing;

import io.waybill.clickhouse.embedded.EmbeddedClickHouse;
import io.waybill.clickhouse.embedded.EmbeddedSettings;
import io.waybill.clickhouse.embedded.ServerExtras;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * One real ClickHouse for all tests of a JVM, started when the first asks for it and stopped at the
 * JVM's end. Each test makes its own database.
 */
public final class TestClickHouse {

  /** May only SELECT, and not from {@code system}; its password is {@link #EXTRA_PASSWORD}. */
  public static final String READER = "reader";

  /** Has the profile setting {@code readonly=1}; its password is {@link #EXTRA_PASSWORD}. */
  public static final String READONLY = "readonly_user";

  /** One of two users with all rights, for taking turns. */
  public static final String FIRST = "first";

  /** The other. */
  public static final String SECOND = "second";

  /** A user whose inserts through Distributed tables answer when all is done. */
  public static final String FOREGROUND = "foreground";

  /** May do nothing; its password is {@link #EXTRA_PASSWORD}. */
  public static final String NOBODY = "nobody";

  /** May INSERT into and SELECT from the databases that {@link #createDatabase} makes; no DDL. */
  public static final String WRITER = "writer";

  /** May write what {@link #createDatabase} makes, and what Waybill needs for that; no more. */
  public static final String STAGER = "stager";

  /** The same for databases whose name begins with {@code prod_}; reads the others. */
  public static final String PRODUCER = "producer";

  /** Has nothing but the roles {@link #STAGING_ROLE} and {@link #PROD_ROLE}. */
  public static final String BEARER = "bearer";

  /** A role that may do what {@link #STAGER} may. */
  public static final String STAGING_ROLE = "staging_writer";

  /** A role that may do what {@link #PRODUCER} may. */
  public static final String PROD_ROLE = "prod_writer";

  /** Password of the extra users. */
  public static final String EXTRA_PASSWORD = "extra";

  /** A storage policy of one disk that keeps more room free than there is. */
  public static final String FULL_DISK = "full";

  /** As {@link #FULL_DISK}, with a disk behind it that has room. */
  public static final String FULL_DISK_WITH_ROOM = "full_with_room";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration QUERY_PATIENCE = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static EmbeddedClickHouse server; // guarded by the class

  private TestClickHouse() {}

  /** The server, started if it is not. */
  public static synchronized EmbeddedClickHouse server() {
    if (server == null) {
      server = start();
    }
    return server;
  }

  private static EmbeddedClickHouse start() {
    try {
      Path folder = Files.createTempDirectory("waybill-clickhouse-");
      EmbeddedClickHouse started =
          EmbeddedClickHouse.start(
              // tests kill it as often as they like
              EmbeddedSettings.in(folder)
                  .withExtras(extras(folder))
                  .withMaxQuickDeaths(Integer.MAX_VALUE));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started, folder)));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(EmbeddedClickHouse started, Path folder) {
    started.close();
    TestFolders.delete(folder);
  }

  private static String storage(Path folder) {
    return """
    <storage_configuration>
      <disks><full><path>%s/</path><keep_free_space_bytes>1000000000000000</keep_free_space_bytes></full></disks>
      <policies>
        <full><volumes><one><disk>full</disk></one></volumes></full>
        <full_with_room>
          <volumes><one><disk>full</disk></one><two><disk>default</disk></two></volumes>
        </full_with_room>
      </policies>
    </storage_configuration>\
    """
        .formatted(folder.resolve("full-disk"));
  }

  /** Nothing listens there: for looking at Distributed tables, not for inserting into them. */
  private static String clusters() {
    String replica = "<replica><host>127.0.0.1</host><port>1</port></replica>";
    return """
    <remote_servers>
      <one_shard><shard>%1$s</shard></one_shard>
      <each_by_itself><shard>%1$s%2$s</shard></each_by_itself>
    </remote_servers>\
    """
        .formatted(replica, replica.replace("127.0.0.1", "127.0.0.2"));
  }

  private static ServerExtras extras(Path folder) {
    return new ServerExtras(
        List.of(
            user(READER, "default", "<grants><query>GRANT SELECT ON test_*.*</query></grants>"),
            user(READONLY, "readonly", ""),
            user(FOREGROUND, "foreground", ""),
            user(FIRST, "default", ""),
            user(SECOND, "default", ""),
            user(
                NOBODY,
                "default",
                "<grants><query>GRANT SHOW DATABASES ON nothing.*</query></grants>"),
            user(
                WRITER,
                "default",
                "<grants><query>GRANT SELECT, INSERT ON test_*.*</query></grants>"),
            user(STAGER, "default", writing("test_*.*")),
            user(
                PRODUCER,
                "default",
                writing("prod_*.*")
                    .replace("<grants>", "<grants><query>GRANT SELECT ON test_*.*</query>")),
            user(
                BEARER,
                "default",
                "<grants><query>GRANT %s, %s</query></grants>".formatted(STAGING_ROLE, PROD_ROLE))),
        List.of(
            "<readonly><readonly>1</readonly></readonly>",
            "<foreground><distributed_foreground_insert>1</distributed_foreground_insert></foreground>",
            // users.xml knows roles too; they stand behind the profiles
            "</profiles><roles><%1$s>%2$s</%1$s><%3$s>%4$s</%3$s></roles><profiles>"
                .formatted(STAGING_ROLE, writing("test_*.*"), PROD_ROLE, writing("prod_*.*"))),
        List.of(storage(folder), clusters()));
  }

  /** What a flow needs to deliver into tables, with bad records too. */
  private static String writing(String tables) {
    return """
    <grants>
      <query>GRANT SELECT, INSERT ON %s</query>
      <query>GRANT CREATE DATABASE ON waybill.*</query>
      <query>GRANT CREATE TABLE, DROP TABLE, INSERT ON waybill.probe_*</query>
      <query>GRANT TABLE ENGINE ON Null</query>
    </grants>\
    """
        .formatted(tables);
  }

  private static String user(String name, String profile, String grants) {
    return "<%1$s><password>%2$s</password><networks><ip>127.0.0.1</ip></networks><profile>%3$s</profile><quota>default</quota>%4$s</%1$s>"
        .formatted(name, EXTRA_PASSWORD, profile, grants);
  }

  /** HTTP address without a path. */
  public static String url() {
    return server().url();
  }

  /** The user with all rights. */
  public static String user() {
    return server().user();
  }

  /** Its password. */
  public static String password() {
    return server().password();
  }

  /** Runs a query as the user with all rights; TSV text without the last line's end. */
  public static String query(String sql) {
    return query(server(), sql);
  }

  /** Runs a query as another user. */
  public static String queryAs(String otherUser, String otherPassword, String sql) {
    return ClickHouseHttp.query(url(), otherUser, otherPassword, sql);
  }

  /** Runs a statement that answers nothing. */
  public static void execute(String sql) {
    query(sql);
  }

  /** Makes a database that no other test has, and returns its name. */
  public static String createDatabase() {
    return createDatabase(server());
  }

  /** As {@link #createDatabase()}, in a server that a test has for itself. */
  public static String createDatabase(EmbeddedClickHouse where) {
    String name = "test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
    query(where, "CREATE DATABASE " + name);
    return name;
  }

  /**
   * Runs a query as the user with all rights, in a server that a test has for itself. Waits for a
   * server that is being started again: the library aborts when a connection is reset at a certain
   * moment of a request, so that also a test before may have ended it.
   */
  public static String query(EmbeddedClickHouse where, String sql) {
    return Awaitility.await()
        .atMost(QUERY_PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .ignoreExceptionsMatching(e -> e.getCause() instanceof ConnectException)
        .until(
            () -> ClickHouseHttp.query(where.url(), where.user(), where.password(), sql),
            answer -> true);
  }

  /** Kills the server with SIGKILL and returns when it is dead; it will be started again. */
  public static void kill9() {
    long pid = server().pid();
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .until(() -> server().pid() != pid || !server().isRunning());
  }

  /** Waits until the server runs (again). */
  public static void awaitRunning() {
    Awaitility.await().atMost(PATIENCE).pollInterval(POLL).until(() -> server().isRunning());
  }
}
