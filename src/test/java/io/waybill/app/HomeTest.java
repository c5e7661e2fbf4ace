package io.waybill.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @TempDir Path folder;
  private Path option;
  private Path variable;
  private Path current;
  private Path installation;

  @BeforeEach
  void folders() throws IOException {
    option = Files.createDirectory(folder.resolve("option"));
    variable = Files.createDirectory(folder.resolve("variable"));
    current = Files.createDirectory(folder.resolve("current"));
    installation = Files.createDirectory(folder.resolve("installation"));
  }

  private Map<String, String> environment() {
    return Map.of(
        "WAYBILL_HOME", variable.toString(), "WAYBILL_INSTALLATION", installation.toString());
  }

  @Test
  void optionWinsOverAll() {
    assertThat(Home.find(option, environment(), current).folder()).isEqualTo(option);
  }

  @Test
  void environmentWinsOverTheCurrentFolder() throws IOException {
    Files.createFile(current.resolve("application.properties"));
    assertThat(Home.find(null, environment(), current).folder()).isEqualTo(variable);
  }

  @Test
  void currentFolderCountsIfItIsConfigured() throws IOException {
    Map<String, String> installed = Map.of("WAYBILL_INSTALLATION", installation.toString());
    assertThat(Home.find(null, installed, current).folder()).isEqualTo(installation);
    Files.createFile(current.resolve("application.properties"));
    assertThat(Home.find(null, installed, current).folder()).isEqualTo(current);
  }

  @Test
  void withoutAnInstallationTheCurrentFolderIsTheHome() {
    assertThat(Home.find(null, Map.of("WAYBILL_HOME", " "), current).folder()).isEqualTo(current);
  }

  @Test
  void folderThatIsNotThereIsRefusedByWhoNamedIt() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> Home.find(absent, Map.of(), current))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("--home: there is no folder " + absent);
    Map<String, String> wrong = Map.of("WAYBILL_HOME", absent.toString());
    assertThatThrownBy(() -> Home.find(null, wrong, current))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("WAYBILL_HOME: there is no folder " + absent);
  }

  @Test
  void pathsAreBelowTheHomeAndNormal() {
    Home home = Home.find(option.resolve("../option"), Map.of(), current);
    assertThat(home.folder()).isEqualTo(option);
    assertThat(home.properties()).isEqualTo(option.resolve("application.properties"));
    assertThat(home.ledger()).isEqualTo(option.resolve("data/ledger.db"));
  }
}
