package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waybill.app.Home;
import io.waybill.app.LedgerKeeping;
import io.waybill.app.WaybillConfig;
import io.waybill.clickhouse.embedded.DownloadListener;
import io.waybill.testing.TestClickHouse;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that was restored or copied does not go on without a person's word. */
final class LedgerKeepingIT {
  private static final String FLOW = "kept";
  @TempDir Path folder;
  private RoadHome home;

  @BeforeEach
  void home() {
    home = RoadHome.in(folder);
    home.table(FLOW, "id UInt64, text String").flow(FLOW, "batchRows=2");
    home.drop(FLOW, "a.csv", "id,text\n1,a\n2,b\n3,c\n");
    assertThat(home.once().holds()).isEmpty();
  }

  private Home waybillHome() {
    return new Home(folder);
  }

  private WaybillConfig config() {
    return WaybillConfig.load(waybillHome().properties(), Map.of());
  }

  private void adopt() throws IOException {
    LedgerKeeping.adopt(waybillHome(), config(), DownloadListener.SILENT);
  }

  private void restore(Path backup) throws IOException {
    for (String suffix : new String[] {"", "-wal", "-shm"}) {
      Files.deleteIfExists(folder.resolve("data/ledger.db" + suffix));
    }
    Files.copy(backup, folder.resolve("data/ledger.db"));
  }

  @Test
  void aRestoredBackupIsHeldUntilItIsAdoptedAndDoublesNothingOutsideTheWindowEither()
      throws IOException {
    Path backup = folder.resolve("backup.db");
    LedgerKeeping.backup(waybillHome(), config(), backup);
    assertThat(Files.getPosixFilePermissions(backup))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"))
        .contains(PosixFilePermission.OWNER_READ);
    assertThatThrownBy(() -> LedgerKeeping.backup(waybillHome(), config(), backup))
        .isInstanceOf(FileAlreadyExistsException.class);
    home.drop(FLOW, "b.csv", "id,text\n4,d\n5,e\n6,f\n");
    home.once();
    restore(backup);
    // the window forgets everything
    TestClickHouse.execute(
        "ALTER TABLE %s.%s MODIFY SETTING non_replicated_deduplication_window = 0"
            .formatted(home.database(), FLOW));
    TestClickHouse.execute(
        "ALTER TABLE %s.%s MODIFY SETTING non_replicated_deduplication_window = 10000"
            .formatted(home.database(), FLOW));

    assertThat(home.once().holds()).singleElement().asString().contains("LEDGER_BEHIND");
    assertThat(home.runs(FLOW)).hasSize(1);

    adopt();
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.states(FLOW)).containsExactly("completed", "completed");
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(home.once().holds()).isEmpty();
  }

  @Test
  void aLedgerOfAnotherHostIsHeldUntilItIsAdopted() throws IOException {
    home.set("waybill.ledger.host", "elsewhere");
    home.drop(FLOW, "b.csv", "id,text\n4,d\n");
    assertThat(home.once().holds()).singleElement().asString().contains("LEDGER_FOREIGN");
    adopt();
    assertThat(home.once().holds()).isEmpty();
    assertThat(home.rows(FLOW, "id")).containsExactly("1", "2", "3", "4");
    assertThat(
            TestClickHouse.query(
                "SELECT host, max(epoch) FROM waybill.audit WHERE ledger = '%s' GROUP BY host ORDER BY 2 DESC LIMIT 1"
                    .formatted(home.ledger(reader -> reader.id()).orElseThrow())))
        .isEqualTo("elsewhere\t2");
  }
}
