package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.app.AuditDesk;
import io.waybill.app.AuditExport;
import io.waybill.app.ConfigurationException;
import io.waybill.app.Home;
import io.waybill.app.LedgerKeeping;
import io.waybill.app.Trace;
import io.waybill.app.Traced;
import io.waybill.app.WaybillConfig;
import io.waybill.audit.AuditField;
import io.waybill.audit.AuditReport;
import io.waybill.audit.ChainEntry;
import io.waybill.audit.ExportProof;
import io.waybill.audit.Finding;
import io.waybill.audit.HeadFile;
import io.waybill.clickhouse.QueryFailedException;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.control.Order;
import io.waybill.delivery.Step;
import io.waybill.delivery.TableName;
import io.waybill.ledger.AuditRow;
import io.waybill.ledger.AuditSelection;
import io.waybill.ledger.LedgerReader;
import io.waybill.testing.TestClickHouse;
import io.waybill.testing.WaybillProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The trail of real deliveries: whole in every copy, and found out when somebody lays hands on it.
 */
final class AuditIT {
  private static final String FLOW = "audited";
  private static final AuditDesk.Given NOTHING = new AuditDesk.Given(List.of(), List.of());
  private static final int SIGKILL = 137;
  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void deliver() {
    home = RoadHome.in(folder);
    home.table(FLOW, "id UInt64, text String").flow(FLOW, "batchRows=2&inFlight=1");
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n3,c\n4,d\n5,e\n");
    assertThat(home.once().holds()).isEmpty();
  }

  private Home waybillHome() {
    return new Home(folder);
  }

  private WaybillConfig config() {
    return WaybillConfig.load(waybillHome().properties(), Map.of());
  }

  private AuditReport ledger() throws IOException {
    try (AuditDesk desk = new AuditDesk(waybillHome(), config())) {
      return desk.verifyLedger(NOTHING);
    }
  }

  private AuditReport clickHouse() throws IOException {
    try (AuditDesk desk = new AuditDesk(waybillHome(), config())) {
      return desk.verifyClickHouse(NOTHING, DownloadListener.SILENT);
    }
  }

  private AuditReport file(Path file) throws IOException {
    Path proof = ExportProof.beside(file);
    return AuditDesk.verifyFile(
        waybillHome(),
        config(),
        file,
        Files.exists(proof) ? Optional.of(proof) : Optional.empty(),
        NOTHING);
  }

  private Path export(String name, AuditExport.Format format) throws IOException {
    Path file = folder.resolve(name);
    try (AuditDesk desk = new AuditDesk(waybillHome(), config())) {
      AuditExport.Written written =
          desk.export(
              new AuditExport.Wanted(
                  Instant.EPOCH, Instant.now().plusSeconds(1), format, file, false),
              DownloadListener.SILENT);
      assertThat(written.sealed()).isTrue();
    }
    return file;
  }

  private static void assertWhole(AuditReport report) {
    assertThat(report.isWhole()).as(report.findings().toString()).isTrue();
    assertThat(report.chains()).isNotEmpty().allMatch(chain -> chain.head().isPresent());
  }

  private static void assertNames(AuditReport report, Finding.Fault fault, long seq) {
    assertThat(report.findings())
        .anyMatch(found -> found.fault() == fault && found.from() <= seq && seq <= found.to());
  }

  private void tamper(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/ledger.db"));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }
  }

  private List<AuditRow> events() {
    return home.ledger(reader -> reader.audit(AuditSelection.ALL, 1_000));
  }

  private String inClickHouse(String what) {
    return home.query(
        "SELECT %s FROM waybill.audit WHERE ledger = '%s'"
            .formatted(what, home.ledger(LedgerReader::id).orElseThrow()));
  }

  private void alter(String change) {
    home.query(
        "ALTER TABLE waybill.audit %s SETTINGS mutations_sync = 2"
            .formatted(change.replace("LEDGER", home.ledger(LedgerReader::id).orElseThrow())));
  }

  @Test
  void everyCopyIsWholeAndTellsTheSameOnce() throws IOException {
    home.drop(FLOW, "b.csv", "id,text\n6,f\n");
    home.once(); // signs what the first one left
    home.once();

    assertWhole(ledger());
    assertWhole(clickHouse());
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
    assertThat(events()).extracting(AuditRow::kind).contains("batch", "run", "head", "route-file");
    assertThat(inClickHouse("count(), uniqExact(seq), max(seq)"))
        .isEqualTo("%1$d\t%1$d\t%1$d".formatted(events().size()));
    assertThat(inClickHouse("count() AS c, countIf(hash = '') AS h, uniqExact(hash) = c"))
        .isEqualTo(events().size() + "\t0\t1");
  }

  @Test
  void theCommandNamesWhatIsWrongAndEndsWithThree() throws SQLException {
    WaybillProcess.Result whole = WaybillProcess.run(folder, Map.of(), "audit", "verify");
    assertThat(whole.exitCode()).as(whole.all()).isZero();
    assertThat(whole.out()).contains("ledger: whole").contains("waybill.audit: whole");

    tamper("UPDATE audit_event SET event = replace(event, 'a.csv', 'b.csv') WHERE seq = 4");

    WaybillProcess.Result broken =
        WaybillProcess.run(folder, Map.of(), "audit", "verify", "--ledger").withoutStackTrace();
    assertThat(broken.exitCode()).isEqualTo(3);
    assertThat(broken.err())
        .contains("ledger: changed: ledger ")
        .contains("epoch 1, event 4 (batch): it is not what its hash says");
    assertThat(WaybillProcess.run(folder, Map.of(), "audit", "verify", "--clickhouse").exitCode())
        .isZero();
    assertThat(
            WaybillProcess.run(folder, Map.of(), "audit", "list", "--kind", "batch", "--json")
                .out())
        .contains("\"token\":\"");
  }

  @Test
  void whatIsDoneToTheTableIsNamed() throws IOException {
    long batch = Long.parseLong(inClickHouse("min(seq)")) + 3;
    alter("UPDATE rows = rows + 1 WHERE ledger = 'LEDGER' AND seq = " + batch);
    assertNames(clickHouse(), Finding.Fault.CHANGED, batch);
    alter("UPDATE rows = rows - 1 WHERE ledger = 'LEDGER' AND seq = " + batch);
    assertWhole(clickHouse());

    alter("UPDATE clickhouse_user = 'nobody' WHERE ledger = 'LEDGER' AND seq = " + batch);
    assertNames(clickHouse(), Finding.Fault.CHANGED, batch);
    alter(
        "UPDATE clickhouse_user = '"
            + TestClickHouse.user()
            + "' WHERE ledger = 'LEDGER' AND seq = "
            + batch);

    home.query(
        "INSERT INTO waybill.audit SELECT * REPLACE ('' AS _waybill_batch) FROM waybill.audit WHERE ledger = '%s' AND seq = %d"
            .formatted(home.ledger(LedgerReader::id).orElseThrow(), batch));
    assertNames(clickHouse(), Finding.Fault.INSERTED, batch);
    alter("DELETE WHERE ledger = 'LEDGER' AND seq = " + batch);
    assertNames(clickHouse(), Finding.Fault.REMOVED, batch);
    alter("DELETE WHERE ledger = 'LEDGER' AND seq > " + batch);
    assertNames(clickHouse(), Finding.Fault.TRUNCATED, batch + 1);
    assertWhole(ledger());
  }

  @Test
  void aTailThatWasCutOffTogetherWithTheCountIsMissedByTheHeadsBesideIt() throws Exception {
    long last = events().get(0).seq();
    tamper("DELETE FROM audit_event WHERE seq > 4");
    tamper(
        """
        UPDATE meta SET audit_seq = 4, audit_sent = 4,
          audit_hash = (SELECT event ->> 'hash' FROM audit_event WHERE seq = 4)""");
    assertNames(ledger(), Finding.Fault.TRUNCATED, last);
    Files.delete(folder.resolve("data/audit").resolve(HeadFile.NAME));
    assertThat(ledger().isWhole()).as("without the heads nobody knows").isTrue();
    assertThat(home.once().holds()).isNotEmpty(); // waybill.audit does
  }

  @Test
  void whatIsNotWholeIsNotSigned() throws Exception {
    tamper("UPDATE audit_event SET event = replace(event, 'a.csv', 'b.csv') WHERE seq = 4");
    Path heads = folder.resolve("data/audit").resolve(HeadFile.NAME);
    List<String> before = Files.readAllLines(heads);
    home.once();
    assertThat(Files.readAllLines(heads)).isEqualTo(before);
    assertThat(events()).extracting(AuditRow::kind).doesNotContain("head");
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"HEAD_KEPT", "HEAD_NOTED"})
  void aCrashBetweenAnEventAndItsHeadLosesNeither(Step step) throws IOException {
    home.drop(FLOW, "b.csv", "id,text\n6,f\n");
    List<String> kill = List.of("-Dwaybill.test.kill=" + step + ":1");
    try (Child child = Child.command(folder, List.of(), kill, List.of("run", "--once"))) {
      assertThat(child.exitCode()).isEqualTo(SIGKILL);
    }
    assertWhole(ledger());
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.once().holds()).isEmpty();
    assertWhole(ledger());
    assertWhole(clickHouse());
    assertThat(home.audit()).containsExactlyElementsOf(home.settledInLedger());
    assertThat(inClickHouse("count() = uniqExact(seq)")).isEqualTo("1");
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"COMMITTED", "RUN_ENDED", "AUDIT_FROZEN", "AUDIT_SENT", "AUDIT_SETTLED"})
  void theChainIsWholeWhereverItCrashes(Step step) throws IOException {
    home.drop(FLOW, "b.csv", "id,text\n6,f\n7,g\n8,h\n");
    List<String> kill = List.of("-Dwaybill.test.kill=" + step + ":1");
    try (Child child = Child.command(folder, List.of(), kill, List.of("run", "--once"))) {
      assertThat(child.exitCode()).isEqualTo(SIGKILL);
    }
    assertThat(ledger().isWhole()).isTrue();
    assertThat(home.once().holds()).isEmpty();
    assertWhole(ledger());
    assertWhole(clickHouse());
    assertThat(inClickHouse("count() = uniqExact(seq)")).isEqualTo("1");
  }

  @Test
  void aLedgerThatWasRestoredAndAdoptedGoesOnInTheSameTrail() throws IOException {
    Path backup = folder.resolve("backup.db");
    LedgerKeeping.backup(waybillHome(), config(), backup);
    home.drop(FLOW, "b.csv", "id,text\n6,f\n");
    home.once();
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(folder.resolve("data/ledger.db" + suffix));
    }
    Files.copy(backup, folder.resolve("data/ledger.db"));
    LedgerKeeping.adopt(waybillHome(), config(), DownloadListener.SILENT);
    assertThat(home.once().holds()).isEmpty();
    home.once();

    assertThat(ledger().isWhole()).as(ledger().findings().toString()).isTrue();
    assertThat(clickHouse().isWhole()).as(clickHouse().findings().toString()).isTrue();
    assertThat(clickHouse().chains()).hasSize(2);
    assertThat(inClickHouse("count() = uniqExact(epoch, seq)")).isEqualTo("1");
  }

  @Test
  void anExportIsProvedByWhatIsBesideIt() throws IOException {
    Path file = export("trail.jsonl", AuditExport.Format.JSONL);
    assertWhole(file(file));
    assertThat(Files.readAllLines(file)).hasSize(events().size());

    List<String> lines = Files.readAllLines(file);
    Files.writeString(file, Files.readString(file).replace("\"rows\":2", "\"rows\":3"));
    AuditReport changed = file(file);
    assertNames(changed, Finding.Fault.CHANGED, 4);
    assertThat(changed.findings().get(0).text())
        .contains("not the one that the proof was made for");

    Files.write(file, lines.subList(0, lines.size() - 1));
    assertNames(file(file), Finding.Fault.TRUNCATED, lines.size());
    Files.write(file, lines.subList(1, lines.size()));
    assertNames(file(file), Finding.Fault.REMOVED, 1);
    Files.write(file, lines);
    assertWhole(file(file));

    Path proof = ExportProof.beside(file);
    String text = Files.readString(proof);
    Files.writeString(proof, text.replace("\"events\" : ", "\"events\" : 1"));
    assertNames(file(file), Finding.Fault.FORGED, 1);
    Files.writeString(proof, text);

    // elsewhere nobody knows the key
    Path key = folder.resolve("data/audit/signing.pub");
    Path copy = folder.resolve("copy.pem");
    Files.move(key, copy);
    assertNames(file(file), Finding.Fault.UNKNOWN_KEY, 1);
    assertThat(
            AuditDesk.verifyFile(
                    waybillHome(),
                    config(),
                    file,
                    Optional.of(proof),
                    new AuditDesk.Given(List.of(copy), List.of()))
                .isWhole())
        .isTrue();
    Files.move(copy, key);
  }

  @ParameterizedTest
  @CsvSource({"CSV", "PARQUET"})
  void otherFormatsAreProvedAsFiles(AuditExport.Format format) throws IOException {
    Path file = export("trail." + format, format);
    assertThat(file(file).isWhole()).as(file(file).findings().toString()).isTrue();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertNames(file(file), Finding.Fault.CHANGED, 1);
  }

  @Test
  void parquetHasEveryEventWithItsHash() throws IOException {
    Path file = export("trail.parquet", AuditExport.Format.PARQUET);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(new String(bytes, 0, 4, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("PAR1");
    assertThatThrownBy(() -> export("trail.parquet", AuditExport.Format.PARQUET))
        .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
  }

  @Test
  void whatIsNotWholeIsNotExported() throws Exception {
    tamper("UPDATE audit_event SET event = replace(event, 'a.csv', 'b.csv') WHERE seq = 4");
    assertThatThrownBy(() -> export("trail.jsonl", AuditExport.Format.JSONL))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("not whole and is not exported");
    assertThat(folder.resolve("trail.jsonl")).doesNotExist();
  }

  @Test
  void ordersAreNotedWithWhoAndWhatCameOfThem() {
    home.order(new Order.Pause(FLOW));
    home.order(new Order.Rerun("nonsense", false, false));
    AuditSelection mine =
        new AuditSelection(
            List.of("order"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(System.getProperty("user.name") + "@local"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    List<String> orders =
        home.ledger(reader -> reader.audit(mine, 10)).stream()
            .map(row -> ChainEntry.parse(row.line()).orElseThrow())
            .map(
                entry ->
                    String.join(
                        " ",
                        entry.text(AuditField.ACTION),
                        entry.text(AuditField.FLOW),
                        entry.text(AuditField.OUTCOME)))
            .toList();
    assertThat(orders).containsExactly("rerun  refused", "pause " + FLOW + " done");
  }

  @Test
  void changedRoutesAreNotedWithTheirDifferenceAndNoSecret() {
    home.route(
        "other",
        """
        - route:
            id: other
            from:
              uri: file:in/other?noop=true
              steps:
                - to: %s
        """
            .formatted(home.target(FLOW, "")));
    home.once();
    home.route(
        "other",
        """
        - route:
            id: other
            from:
              uri: file:in/elsewhere?noop=true
              steps:
                - setHeader: {name: a, constant: "https://x:opensesame@y"}
                - to: %s
        """
            .formatted(home.target(FLOW, "")));
    home.once();
    String detail =
        home.ledger(
            reader ->
                reader.audit(AuditSelection.ALL, 100).stream()
                    .filter(row -> row.line().contains("other.camel.yaml"))
                    .map(row -> ChainEntry.parse(row.line()).orElseThrow())
                    .map(entry -> entry.text(AuditField.DETAIL))
                    .findFirst()
                    .orElseThrow());
    assertThat(detail)
        .contains("-      uri: file:in/other?noop=true")
        .contains("+      uri: file:in/elsewhere?noop=true")
        .doesNotContain("opensesame");
  }

  private List<Traced> trace(String table, String condition) {
    return Trace.of(
        waybillHome(),
        config(),
        Map.of(),
        DownloadListener.SILENT,
        new Trace.Question(new TableName(home.database(), table), condition, "", 20));
  }

  @Test
  void rowsAreTracedToFileAndPlace() {
    List<Traced> found = trace(FLOW, "id IN (3, 4) -- of the second batch");
    assertThat(found).hasSize(1);
    Traced traced = found.get(0);
    assertThat(traced.rows()).isEqualTo(2);
    assertThat(traced.sure()).isTrue();
    assertThat(traced.lineage().orElseThrow().run().location()).endsWith("in/" + FLOW + "/a.csv");
    assertThat(traced.lineage().orElseThrow().batch().position().firstRecord()).isEqualTo(3);
    assertThat(traced.lineage().orElseThrow().batch().position().from()).isEqualTo(16);
    assertThat(traced.queryId()).isEqualTo(traced.lineage().orElseThrow().batch().id());
    assertThat(traced.user()).isEqualTo(TestClickHouse.user());
    assertThat(trace(FLOW, "id = 77")).isEmpty();

    WaybillProcess.Result said =
        WaybillProcess.run(folder, Map.of(), "trace", home.database() + "." + FLOW, "WHERE id = 5")
            .withoutStackTrace();
    assertThat(said.exitCode()).as(said.all()).isZero();
    assertThat(said.out()).contains("1 row").contains("a.csv").contains("records 5 to 5");
  }

  @Test
  void aTraceOnlyReads() {
    assertThatThrownBy(() -> trace(FLOW, "1) SETTINGS readonly = 0 --"))
        .isInstanceOf(QueryFailedException.class);
    assertThatThrownBy(() -> trace(FLOW, "1); DROP TABLE " + home.database() + "." + FLOW + " --"))
        .isInstanceOf(QueryFailedException.class);
    assertThatThrownBy(() -> trace("audited` UNION ALL SELECT 1 --", "1"))
        .isInstanceOf(ConfigurationException.class);
    assertThat(home.rows(FLOW, "id")).hasSize(5);
  }

  @Test
  void rowsOfATableThatNamesNoBatchesAreTracedByTheirParts() {
    home.set("waybill.provenance", "off");
    home.query(
        "CREATE TABLE %s.plain (id UInt64, _waybill_loaded_at DateTime64(6) DEFAULT now64(6)) ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100"
            .formatted(home.database()));
    home.flow("plain", "");
    home.drop("plain", "p.csv", "id\n1\n2\n");
    assertThat(home.once().holds()).isEmpty();
    home.query("SYSTEM FLUSH LOGS");
    List<Traced> found = trace("plain", "id = 2");
    assertThat(found).hasSize(1);
    assertThat(found.get(0).part()).isNotEmpty();
    assertThat(found.get(0).loadedFrom()).startsWith("20");
    if (home.query("EXISTS TABLE system.part_log").equals("1")) {
      assertThat(found.get(0).lineage().orElseThrow().run().location()).endsWith("p.csv");
    }
  }
}
