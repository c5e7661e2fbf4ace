package io.waybill.road;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.app.AuditDesk;
import io.waybill.app.Home;
import io.waybill.app.WaybillConfig;
import io.waybill.audit.AuditReport;
import io.waybill.audit.HeadFile;
import io.waybill.audit.SignedHead;
import io.waybill.testing.Recipe;
import io.waybill.testing.TestVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trail is signed by a key that never leaves a real Vault. */
class AuditVaultIT {
  @TempDir static Path vaultHome;
  private static TestVault vault;
  @TempDir Path folder;

  @BeforeAll
  static void start() {
    vault = TestVault.start(vaultHome);
    Recipe.of("What the login may do").run(vault);
    Recipe.of("Signed by Vault").run(vault);
  }

  @AfterAll
  static void stop() {
    if (vault != null) {
      vault.close();
    }
  }

  private AuditReport ledger() throws IOException {
    Home home = new Home(folder);
    try (AuditDesk desk = new AuditDesk(home, WaybillConfig.load(home.properties(), Map.of()))) {
      return desk.verifyLedger(new AuditDesk.Given(List.of(), List.of()));
    }
  }

  @Test
  void headsAreSignedByVaultAlsoAfterTheKeyWasRotated() throws IOException {
    RoadHome home = RoadHome.in(folder);
    Recipe.of("token")
        .with("/run/waybill/token", folder.resolve("token").toString())
        .with("-policy=loader", "-policy=loader -policy=waybill-audit")
        .run(vault);
    Recipe.of("Signed by Vault").settings("").forEach(home::set);
    home.set("waybill.vault.address", vault.address())
        .set("waybill.vault.token-file", folder.resolve("token").toString());
    home.table("t", "id UInt64").flow("t", "");
    home.drop("t", "a.csv", "id\n1\n");
    assertThat(home.once().holds()).isEmpty();
    vault.call("POST", "transit/keys/waybill-audit/rotate", Map.of());
    home.drop("t", "b.csv", "id\n2\n");
    assertThat(home.once().holds()).isEmpty();

    List<SignedHead> heads = new HeadFile(folder.resolve("data/audit")).all();
    assertThat(heads)
        .extracting(SignedHead::key)
        .contains("transit/waybill-audit:v1", "transit/waybill-audit:v2");
    assertThat(heads).allMatch(SignedHead::isGenuine);
    assertThat(ledger().isWhole()).as(ledger().findings().toString()).isTrue();
    assertThat(ledger().chains().get(0).head()).isPresent();
    assertThat(Files.exists(folder.resolve("data/audit/signing.key"))).isFalse();
  }
}
