package io.waybill.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.waybill.delivery.LedgerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerOpeningTest {
  @TempDir Path home;
  private Path file;

  @BeforeEach
  void name() {
    file = home.resolve("data/ledger.db");
  }

  private JdbcLedger open() {
    return JdbcLedger.open(file, Samples.ORIGIN);
  }

  private void make() {
    try (JdbcLedger ledger = open()) {
      Samples.run(ledger, "r1", Samples.unit(ledger, "a.csv"));
    }
  }

  private static void assertRefused(ThrowingCallable opening, String... words) {
    assertThatThrownBy(opening).isInstanceOf(LedgerException.class).hasMessageContainingAll(words);
  }

  @Test
  void itIsMadeForItsOwnerOnly() throws IOException {
    try (JdbcLedger ledger = open()) {
      Samples.unit(ledger, "a.csv");
      for (String suffix : new String[] {"", "-wal", "-shm"}) {
        assertThat(Files.getPosixFilePermissions(Path.of(file + suffix))).isEqualTo(OwnerOnly.FILE);
      }
      assertThat(Files.getPosixFilePermissions(file.getParent())).isEqualTo(OwnerOnly.FOLDER);
      assertThat(Path.of(file + ".new")).doesNotExist();
    }
  }

  @Test
  void rightsOfOthersAreTakenAway() throws IOException {
    make();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    open().close();

    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(OwnerOnly.FILE);
  }

  @Test
  void itKeepsItsIdAndContent() {
    String id;
    try (JdbcLedger ledger = open()) {
      id = ledger.id();
      Samples.run(ledger, "r1", Samples.unit(ledger, "a.csv"));
    }
    try (JdbcLedger ledger = open()) {
      assertThat(ledger.id()).isEqualTo(id).hasSize(36);
      assertThat(ledger.interruptedRuns()).hasSize(1);
    }
  }

  @Test
  void aCrashWhileItWasMadeLeavesNoLedger() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(Path.of(file + ".new"), "half of it");
    Files.writeString(Path.of(file + ".new-wal"), "half of that");
    make();

    try (JdbcLedger ledger = open()) {
      assertThat(ledger.interruptedRuns()).hasSize(1);
    }
  }

  @Test
  void aFileNameWithSignsThatMeanSomethingInUrisIsTakenAsItIs() {
    file = home.resolve("da?ta #1 %41ä/ledger?mode=memory.db");
    make();

    assertThat(file).exists();
    try (JdbcLedger ledger = open();
        LedgerReader reader = LedgerReader.open(file)) {
      assertThat(reader.id()).contains(ledger.id());
      assertThat(ledger.interruptedRuns()).hasSize(1);
    }
  }

  @Test
  void aNewerLedgerIsRefusedWithBothVersions() throws SQLException {
    make();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Sql.update(other, "INSERT INTO schema_version VALUES (99, 0, '3.2.1')");
    }

    String[] words = {
      file.toString(),
      "written by Waybill 3.2.1 (schema version 99)",
      "knows schema versions up to " + Migrations.LATEST,
      "run that Waybill or a later one"
    };
    assertRefused(this::open, words);
    assertRefused(() -> LedgerReader.open(file), words);
  }

  @Test
  void garbageIsRefusedWithRemedy() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "this is no database at all, ".repeat(100));

    String[] words = {file.toString(), "is damaged", "not a database", "from a backup", "move it"};
    assertRefused(this::open, words);
    assertRefused(() -> LedgerReader.open(file), words);
  }

  @Test
  void aLedgerThatWasCutOffIsRefused() throws IOException {
    make();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }

    assertRefused(this::open, file.toString(), "is damaged", "from a backup");
  }

  @Test
  void aDamagedPageIsRefused() throws IOException {
    make();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[4096]), 3 * 4096L);
    }

    assertRefused(this::open, file.toString(), "is damaged");
  }

  @Test
  void anEmptyFileIsADamagedLedgerAndNotANewOne() throws IOException {
    Files.createDirectories(file.getParent());
    Files.createFile(file);

    assertRefused(this::open, file.toString(), "it is empty");
  }

  @Test
  void aLogWithoutItsLedgerIsRefused() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(Path.of(file + "-wal"), "log");

    assertRefused(this::open, "it is gone", "ledger.db-wal is there");
  }

  @Test
  void aFolderThatCannotBeMadeIsRefused() throws IOException {
    Files.writeString(home.resolve("data"), "a file");

    assertRefused(this::open, "cannot write the ledger " + file, "make its folder writable");
  }

  @Test
  void aFolderThatMayNotBeWrittenIsRefused() throws IOException {
    Files.createDirectory(
        file.getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
    assumeFalse(Files.isWritable(file.getParent()), "this user may write everywhere");

    assertRefused(this::open, "cannot write the ledger " + file, "make its folder writable");
  }

  @Test
  void aReaderDoesNotBringAnOlderLedgerUpToDate() throws SQLException {
    make();
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Sql.update(other, "DELETE FROM schema_version");
    }

    assertRefused(
        () -> LedgerReader.open(file),
        file.toString(),
        "has schema version 0",
        "reads version " + Migrations.LATEST);
  }

  @Test
  void aFolderInPlaceOfTheLedgerIsRefused() throws IOException {
    Files.createDirectories(file);

    assertRefused(this::open, file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "NFS"})
  void aNetworkFileSystemIsRefused(String type) {
    assertRefused(
        () -> NetworkFileSystems.refuse(file, type),
        file.toString(),
        "(" + type + ")",
        "local disk");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "apfs", "fuseblk"})
  void aLocalFileSystemIsNot(String type) {
    assertThat(NetworkFileSystems.contains(type)).isFalse();
  }

  @Test
  void aClosedLedgerSaysSo() {
    JdbcLedger ledger = open();
    ledger.close();
    ledger.close();

    assertRefused(() -> ledger.interruptedRuns(), "closed");
  }
}
