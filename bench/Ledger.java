import io.waybill.ledger.JdbcLedger;
import io.waybill.ledger.LedgerReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How long the listings of a ledger with very many runs take. Arguments: how many, and a file to leave it in. */
public final class Ledger {
  private static final int ROUNDS = 11;
  private static final int FLOWS = 20;

  private Ledger() {}

  public static void main(String[] args) throws Exception {
    int runs = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    Path folder = Files.createTempDirectory("waybill-bench-ledger-");
    Path file = folder.resolve("ledger.db");
    JdbcLedger.open(file).close();
    fill(file, runs);
    System.out.printf("%,d runs, %,d MB%n", runs, Files.size(file) >> 20);
    measure("opened and runs, newest 50", () -> read(file, r -> r.runs(Optional.empty(), 50).size()));
    measure("opened and runs of a flow, 50", () -> read(file, r -> r.runs(Optional.of("flow7"), 50).size()));
    measure("opened and flows", () -> read(file, r -> r.flows().size()));
    measure(
        "opened and one run by a prefix",
        () -> read(file, r -> r.run("run-%07d".formatted(runs / 2)).id().length()));
    measure("opened for writing", () -> {
      JdbcLedger.open(file).close();
      return 1;
    });
    if (args.length > 1) {
      Files.move(file, Path.of(args[1]));
    }
    for (Path each : Files.list(folder).toList()) {
      Files.delete(each);
    }
    Files.delete(folder);
  }

  private static <T> T read(Path file, java.util.function.Function<LedgerReader, T> question) {
    try (LedgerReader reader = LedgerReader.open(file)) {
      return question.apply(reader);
    }
  }

  private static void measure(String what, Supplier<Integer> work) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      long began = System.nanoTime();
      if (work.get() == 0) {
        throw new IllegalStateException("nothing listed");
      }
      millis.add((System.nanoTime() - began) / 1e6);
    }
    millis.sort(null);
    System.out.printf("%-32s median %7.1f ms, slowest %7.1f ms%n", what, millis.get(ROUNDS / 2), millis.get(ROUNDS - 1));
  }

  private static void fill(Path file, int runs) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF");
      String numbers =
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ".formatted(runs);
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO flow (name, target_database, target_table, declared_in) SELECT 'flow' || i, 'db', 't' || i, 'routes/f.yaml' FROM n".formatted(FLOWS - 1));
      statement.execute(
          numbers
              + "INSERT INTO unit (id, flow, source_id, target_database, target_table, generation, format, stamp_size, stamp_modified) SELECT i, 'flow' || (i %% %d), 'file' || i, 'db', 't', 0, 'CSVWithNames', 1000, i FROM n".formatted(FLOWS));
      statement.execute(
          numbers
              + "INSERT INTO run (number, id, flow, unit, location, state, started_at, ended_at, row_count, byte_count, batch_count, attempt_count) SELECT i, printf('run-%%07d', i), 'flow' || (i %% %d), i, '/in/file' || i, 'completed', i * 1000000, i * 1000000 + 5, 1000, 1000, 1, 1 FROM n".formatted(FLOWS));
      statement.execute(
          "INSERT INTO shape (id, hash, target_database, target_table, table_uuid, columns, format, settings, encoder) VALUES (1, 'h', 'db', 't', '', '[]', 'CSVWithNames', '{}', 1)");
      statement.execute(
          numbers
              + "INSERT INTO batch (id, run, unit, sequence, position_from, position_to, first_record, records, bytes, digest, token, shape, state, attempts, planned_at, settled_at) SELECT printf('run-%07d-00001', i), printf('run-%07d', i), i, 1, 0, 1000, 1, 1000, 1000, hex(randomblob(32)), hex(randomblob(32)), 1, 'committed', 1, i * 1000000, i * 1000000 + 4 FROM n");
      statement.execute("ANALYZE");
    }
  }
}
