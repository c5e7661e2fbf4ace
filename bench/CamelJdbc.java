import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * What one writes with Camel alone: a file is split into lines, parsed, and inserted with camel-sql
 * in JDBC batches of 10,000 rows through clickhouse-jdbc. Nothing here keeps a crash from losing or
 * doubling rows.
 *
 * <p>Usage: {@code java -cp 'target/waybill.jar:target/lib/*' bench/CamelJdbc.java FILE TABLE},
 * with the server in WAYBILL_CLICKHOUSE_URL, _USER and _PASSWORD. CSV with a header, or NDJSON.
 * Prints the microseconds that the load took, without the start of the process.
 */
public final class CamelJdbc extends RouteBuilder {
  private static final int BATCH_ROWS = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final String table;
  private final boolean json;
  private final List<String> columns;
  private final List<String> types;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile Exception failure;

  private CamelJdbc(Path file, String table, DataSource clickHouse) throws Exception {
    this.file = file.toAbsolutePath();
    this.table = table;
    this.json = file.toString().endsWith(".ndjson");
    this.columns = columns(file, json);
    this.types = types(clickHouse, table, columns);
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 2) {
      System.err.println("usage: CamelJdbc.java FILE TABLE");
      System.exit(2);
    }
    quiet();
    try (HikariDataSource clickHouse = dataSource();
        DefaultCamelContext camel = new DefaultCamelContext()) {
      CamelJdbc route = new CamelJdbc(Path.of(args[0]), args[1], clickHouse);
      camel.getRegistry().bind("clickhouse", clickHouse);
      camel.addRoutes(route);
      long began = System.nanoTime();
      camel.start();
      route.done.await();
      if (route.failure != null) {
        throw route.failure;
      }
      System.out.println((System.nanoTime() - began) / 1_000);
    }
  }

  @Override
  public void configure() {
    onException(Exception.class)
        .handled(true)
        .process(
            exchange -> {
              failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
              done.countDown();
            });
    String marks = String.join(", ", Collections.nCopies(columns.size(), "#"));
    String insert =
        "INSERT INTO %s (%s) VALUES (%s)".formatted(table, String.join(", ", columns), marks);
    from("file:%s?fileName=%s&noop=true".formatted(file.getParent(), file.getFileName()))
        .routeId("jdbc")
        // the tokenizer gathers the batch, which is cheaper than an aggregator of single lines
        .split(body().tokenize("\n", BATCH_ROWS, !json))
        .streaming()
        .stopOnException()
        .process(
            exchange ->
                exchange.getMessage().setBody(rows(exchange.getMessage().getBody(String.class))))
        .to(
            "sql:%s?dataSource=#clickhouse&batch=true&parametersCount=%d"
                .formatted(insert, columns.size()))
        .end()
        .process(exchange -> done.countDown());
  }

  private List<List<Object>> rows(String lines) {
    return lines
        .lines()
        .filter(line -> !line.isEmpty())
        .map(json ? this::object : this::record)
        .toList();
  }

  private List<Object> object(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      List<Object> row = new ArrayList<>(columns.size());
      for (int i = 0; i < columns.size(); i++) {
        row.add(typed(node.path(columns.get(i)).asText(), types.get(i)));
      }
      return row;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A record without line breaks in its fields, which is all that the inputs here have. */
  private List<Object> record(String line) {
    List<Object> row = new ArrayList<>(columns.size());
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i <= line.length(); i++) {
      char c = i < line.length() ? line.charAt(i) : ',';
      if (c == '"') {
        if (!quoted && i > 0 && line.charAt(i - 1) == '"') {
          field.append('"');
        }
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        row.add(typed(field.toString(), types.get(row.size())));
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    return row;
  }

  private static Object typed(String value, String type) {
    if (type.startsWith("Int") || type.startsWith("UInt")) {
      return Long.valueOf(value);
    }
    if (type.startsWith("Decimal")) {
      return new BigDecimal(value);
    }
    return type.startsWith("Float") ? (Object) Double.valueOf(value) : value;
  }

  private static List<String> columns(Path file, boolean json) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String first = reader.readLine();
      if (!json) {
        return List.of(first.replace("\"", "").split(","));
      }
      List<String> names = new ArrayList<>();
      JSON.readTree(first).fieldNames().forEachRemaining(names::add);
      return names;
    }
  }

  private static List<String> types(DataSource clickHouse, String table, List<String> columns)
      throws SQLException {
    try (Connection connection = clickHouse.getConnection();
        Statement statement = connection.createStatement();
        ResultSet none = statement.executeQuery("SELECT * FROM " + table + " LIMIT 0")) {
      ResultSetMetaData meta = none.getMetaData();
      Map<String, String> types = new HashMap<>();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        types.put(meta.getColumnName(i), meta.getColumnTypeName(i));
      }
      return columns.stream().map(types::get).toList();
    }
  }

  private static HikariDataSource dataSource() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:clickhouse:" + System.getenv("WAYBILL_CLICKHOUSE_URL"));
    config.setUsername(System.getenv("WAYBILL_CLICKHOUSE_USER"));
    config.setPassword(System.getenv("WAYBILL_CLICKHOUSE_PASSWORD"));
    config.addDataSourceProperty("jdbc_ignore_unsupported_values", "true");
    config.setMaximumPoolSize(2);
    return new HikariDataSource(config);
  }

  private static void quiet() {
    var root = (ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger("ROOT");
    root.setLevel(ch.qos.logback.classic.Level.WARN);
  }
}
