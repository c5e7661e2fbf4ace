package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.audit.AuditEvent;
import io.waybill.audit.AuditKind;
import io.waybill.audit.AuditReport;
import io.waybill.audit.ChainEntry;
import io.waybill.audit.TrailVerifier;
import io.waybill.audit.TrustedKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger from before events had hashes goes on, and what is proved begins with the upgrade. */
class AuditUpgradeTest {
  private static final int BEFORE = 6;
  private static final String EVENT =
      "{\"time\":\"2026-11-20T10:00:0%1$d.000000Z\",\"ledger\":\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\",\"epoch\":1,\"seq\":%1$d,\"kind\":\"batch\",\"flow\":\"trips\",\"rows\":10}";
  @TempDir Path home;

  private Path oldLedger() throws SQLException, IOException {
    Path file = home.resolve("ledger.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at BIGINT NOT NULL, waybill_version TEXT NOT NULL)");
      for (int version = 1; version <= BEFORE; version++) {
        for (String sql : script(version).split(";\\s*\\n", -1)) {
          if (!sql.isBlank()) {
            statement.executeUpdate(sql);
          }
        }
        statement.executeUpdate(
            "INSERT INTO schema_version VALUES (%d, 0, '0.1.0')".formatted(version));
      }
      statement.executeUpdate(
          "INSERT INTO meta (only_row, id, epoch, audit_seq, created_at, host) VALUES (1, '6ba7b810-9dad-11d1-80b4-00c04fd430c8', 1, 5, 0, 'carrier.example')");
      for (int seq = 4; seq <= 5; seq++) {
        statement.executeUpdate(
            "INSERT INTO outbox VALUES (%d, '%s')".formatted(seq, EVENT.formatted(seq)));
      }
    }
    Files.setPosixFilePermissions(file, OwnerOnly.FILE);
    return file;
  }

  private static String script(int version) throws IOException {
    try (InputStream in = Migrations.class.getResourceAsStream(Dialect.SQLITE.script(version))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whatWaitedIsSentAndTheChainBeginsBehindIt() throws SQLException, IOException {
    Path file = oldLedger();
    try (JdbcLedger ledger = JdbcLedger.open(file, Samples.ORIGIN)) {
      assertThat(ledger.pending()).isEqualTo(2);
      ledger.note(AuditEvent.of(AuditKind.ORDER, Samples.NOON).build());
      ledger.note(AuditEvent.of(AuditKind.ORDER, Samples.NOON).build());

      String body =
          new String(
              ledger
                  .freeze(Samples.auditShape(), 10, Samples.NOON)
                  .orElseThrow()
                  .body()
                  .toByteArray(),
              StandardCharsets.UTF_8);
      assertThat(body.lines())
          .hasSize(4)
          .startsWith(EVENT.formatted(4), EVENT.formatted(5))
          .anyMatch(line -> line.contains("\"seq\":6"));
    }
    try (LedgerReader reader = LedgerReader.open(file)) {
      TrailChain chain = reader.chains().get(0);
      assertThat(chain.from()).isEqualTo(6);
      TrailVerifier verifier = new TrailVerifier(chain.last().ledger(), TrustedKeys.none());
      verifier.markBegin(1, chain.from());
      verifier.mark(chain.last(), "the ledger", true);
      reader.trail(List.of(), row -> verifier.entry(ChainEntry.parse(row.line()).orElseThrow()));
      AuditReport report = verifier.end();
      assertThat(report.isWhole()).as(report.findings().toString()).isTrue();
      assertThat(report.chains().get(0).unhashed()).isEqualTo(2);
      assertThat(reader.audit(AuditSelection.ALL, 10))
          .extracting(AuditRow::at)
          .contains(java.time.Instant.parse("2026-11-20T10:00:04Z"));
    }
  }
}
