package io.waybill.clickhouse.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The data folder's layout, and the configuration that the server reads from it. */
final class ServerFiles {

  /** The user with all rights. */
  static final String USER = "waybill";

  // Reading its standard input is what keeps ClickHouse here until the parent closes it or dies.
  private static final String START_SQL =
      "SYSTEM START LISTEN HTTP;\nSELECT * FROM file('/dev/stdin', 'LineAsString') FORMAT Null;\n";

  // The library runs start.sql as this user, which cannot have a password. Its one session is taken
  // before the port opens, so
  // nobody gets in with it over HTTP, and it could do little there.
  private static final String LOCAL_USER =
      """
          <default>
            <no_password/>
            <networks><ip>127.0.0.1</ip></networks>
            <profile>waybill_start</profile>
            <quota>default</quota>
            <grants>
              <query>GRANT SYSTEM LISTEN ON *.*</query>
              <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
              <query>GRANT READ ON FILE</query>
            </grants>
          </default>
      """;

  // HTTP only: one wrong password on the library's native port aborts the process. The logs are in
  // memory because the files of
  // system tables outlive their metadata here, and the next start then ends with error 57.
  private static final String CONFIG =
      """
      <clickhouse>
        <logger><level>warning</level><console>true</console></logger>
        <listen_host>127.0.0.1</listen_host>
        <http_port>%d</http_port>
        <path>%s/</path>
        <tmp_path>%s/</tmp_path>
        <users_config>%s</users_config>
        <default_profile>default</default_profile>
        <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
        <mark_cache_size>67108864</mark_cache_size>
        <index_mark_cache_size>16777216</index_mark_cache_size>
        <primary_index_cache_size>67108864</primary_index_cache_size>
      %s%s%s
      </clickhouse>
      """;

  private static final String LOG_TABLE =
      """
        <%1$s>
          <database>system</database>
          <table>%1$s</table>
          <engine>ENGINE = Memory SETTINGS max_rows_to_keep=100000, min_rows_to_keep=50000</engine>
          <flush_interval_milliseconds>500</flush_interval_milliseconds>
        </%1$s>
      """;

  private static final String USERS =
      """
      <clickhouse>
        <profiles>
          <default/>
          <waybill_start><max_sessions_for_user>1</max_sessions_for_user></waybill_start>
      %s
        </profiles>
        <quotas><default/></quotas>
        <users>
          <%2$s>
            <password_sha256_hex>%3$s</password_sha256_hex>
            <networks><ip>127.0.0.1</ip></networks>
            <profile>default</profile>
            <quota>default</quota>
          </%2$s>
      %4$s%5$s
        </users>
      </clickhouse>
      """;

  private final Path dataFolder;
  private final ServerExtras extras;

  ServerFiles(Path dataFolder, ServerExtras extras) {
    this.dataFolder = dataFolder;
    this.extras = extras;
  }

  Path config() {
    return dataFolder.resolve("config").resolve("config.xml");
  }

  /**
   * The argument that names {@link #config}, which tells a server of this folder from all other
   * processes.
   */
  String configArgument() {
    return "--config-file=" + config();
  }

  Path startSql() {
    return config().resolveSibling("start.sql");
  }

  /** ClickHouse's own folder. */
  Path database() {
    return dataFolder.resolve("db");
  }

  Path temporary() {
    return dataFolder.resolve("tmp");
  }

  Path log() {
    return dataFolder.resolve("clickhouse.log");
  }

  /**
   * Makes the folder ready for a start on {@code port}.
   *
   * @param localUser whether the server runs start.sql in its own process and needs a user for that
   */
  void prepare(int port, String password, boolean localUser) throws IOException {
    PrivateFiles.folder(dataFolder);
    PrivateFiles.folder(config().getParent());
    PrivateFiles.folder(database());
    PrivateFiles.folder(temporary());
    // from a version or a killed process that kept system tables on disk: see CONFIG
    Folders.delete(database().resolve("data").resolve("system"));
    PrivateFiles.write(config(), configXml(port));
    PrivateFiles.write(usersFile(), usersXml(password, localUser));
    PrivateFiles.write(startSql(), START_SQL);
  }

  private Path usersFile() {
    return config().resolveSibling("users.xml");
  }

  private String configXml(int port) {
    return CONFIG.formatted(
        port,
        escape(database()),
        escape(temporary()),
        escape(usersFile()),
        LOG_TABLE.formatted("query_log"),
        LOG_TABLE.formatted("part_log"),
        String.join("\n", extras.server()));
  }

  private String usersXml(String password, boolean localUser) {
    return USERS.formatted(
        String.join("\n", extras.profiles()),
        USER,
        sha256(password),
        localUser ? LOCAL_USER : "",
        String.join("\n", extras.users()));
  }

  private static String sha256(String password) {
    try {
      byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String escape(Path path) {
    return path.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
